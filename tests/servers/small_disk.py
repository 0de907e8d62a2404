"""A real file system of a few megabytes, where this machine lets us have one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, not a place for files
# In a container it often has 64 MB, which may be filled for a moment.
MOST_TO_FILL = 256 * 1024 * 1024


class NoSmallDisk(Exception):
    """Why there is none here."""


@contextmanager
def small_disk(megabytes: int = 64) -> Iterator[Path]:
    """A folder on a file system that can be filled: a mounted one, else `/dev/shm` if it is small.

    Raises `NoSmallDisk` where neither is possible.
    """
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    try:
        if _mount(folder, megabytes):
            try:
                yield folder
            finally:
                subprocess.run([*_root(), "umount", str(folder)], check=True)
        else:
            with _shared_memory() as place:
                yield place
    finally:
        folder.rmdir()


@contextmanager
def _shared_memory() -> Iterator[Path]:
    free = shutil.disk_usage(SHARED_MEMORY).free if SHARED_MEMORY.is_dir() else None
    if free is None or free > MOST_TO_FILL:
        raise NoSmallDisk(
            f"mounting one needs root, and {SHARED_MEMORY} is missing or has more than "
            f"{MOST_TO_FILL} bytes"
        )
    folder = Path(tempfile.mkdtemp(prefix="small-disk-", dir=SHARED_MEMORY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _mount(folder: Path, megabytes: int) -> bool:
    options = f"size={megabytes}m,mode=0700,uid={os.getuid()},gid={os.getgid()}"
    command = [*_root(), "mount", "-t", "tmpfs", "-o", options, "small-disk", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _root() -> list[str]:
    """What makes a command run as root, if that needs no password."""
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """The file system of that folder without a free byte, for the length of a block."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            for size in (1024 * 1024, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue
        yield
    finally:
        ballast.unlink()
