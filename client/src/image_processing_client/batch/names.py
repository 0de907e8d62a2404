"""Find the pictures of a folder and choose the names of their results."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from image_processing_client.file_names import SUFFIXES, find_extensions


def find_pictures(folder: Path, without: Path) -> list[Path]:
    """Return the sorted relative paths of all pictures; skip hidden names and `without`."""
    paths = []
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        folders[:] = [x for x in folders if x[0] != "." and (here / x).resolve() != without]
        paths += [here / x for x in files if x[0] != "." and Path(x).suffix.lower() in SUFFIXES]
    return sorted(path.relative_to(folder) for path in paths)


def assign_stems(files: Sequence[Path]) -> dict[Path, Path]:
    """Return the unique name of each file's result, without the extension.

    `a/photo.jpg` gets `a/photo`. If two files would get the same name, both keep their whole name:
    the results of `photo.jpg` and `photo.png` are `photo.jpg.webp` and `photo.png.webp`. Names
    that differ only in case count as the same, because some disks do not distinguish them.
    """
    chosen = {file: file.with_suffix("") for file in files}
    while True:
        count = Counter(_key(stem) for stem in chosen.values())
        shared = [x for x, stem in chosen.items() if count[_key(stem)] > 1 and stem != x]
        if not shared:
            return chosen
        chosen |= {file: file for file in shared}


def target_path(file: Path, stem: Path, format_name: str) -> Path:
    """Return the name of a result. If the source's extension fits the format, it stays as it is."""
    fitting = find_extensions(format_name)
    keeps_extension = stem != file and file.suffix.lower() in fitting
    return stem.with_name(stem.name + (file.suffix if keeps_extension else fitting[0]))


def _key(path: Path) -> str:
    return path.as_posix().casefold()
