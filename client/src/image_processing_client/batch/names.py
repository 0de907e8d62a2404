"""Which files of a folder are pictures, and what their results are called."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

# Extensions by format, the usual one first. Of other formats it is their name.
EXTENSIONS = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "TIFF": (".tiff", ".tif"),
    "HEIF": (".heic", ".heif"),
    "JXL": (".jxl",),
}
SUFFIXES = {".png", ".webp", ".gif", ".avif", ".bmp", ".mpo"}.union(*EXTENSIONS.values())


def pictures(folder: Path, without: Path) -> list[Path]:
    """The pictures below a folder, relative to it and sorted; hidden names and `without` not."""
    found = []
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = [x for x in folders if x[0] != "." and (here / x).resolve() != without]
        found += [here / x for x in files if x[0] != "." and Path(x).suffix.lower() in SUFFIXES]
    return sorted(path.relative_to(folder) for path in found)


def stems(files: Sequence[Path]) -> dict[Path, Path]:
    """The result's name of each file, but for the extension: no two alike.

    `a/photo.jpg` gives `a/photo`. Where two files would share that, both keep their whole name:
    `photo.jpg` and `photo.png` give `photo.jpg.webp` and `photo.png.webp`. Case does not
    count, since it does not on some disks.
    """
    chosen = {file: file.with_suffix("") for file in files}
    while True:
        count = Counter(_key(stem) for stem in chosen.values())
        shared = [x for x, stem in chosen.items() if count[_key(stem)] > 1 and stem != x]
        if not shared:
            return chosen
        chosen |= {file: file for file in shared}


def target(file: Path, stem: Path, format_name: str) -> Path:
    """The result's whole name; an extension that fits the format stays as it is written."""
    fitting = EXTENSIONS.get(format_name.upper(), (f".{format_name.lower()}",))
    own = file.suffix if stem != file and file.suffix.lower() in fitting else fitting[0]
    return stem.with_name(stem.name + own)


def _key(path: Path) -> str:
    return path.as_posix().casefold()
