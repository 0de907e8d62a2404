"""A real file system of a few megabytes, if this machine allows one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - used as a file system
# In a container, /dev/shm often has 64 MB, which a test may fill for a moment.
MAX_TO_FILL = 256 * 1024 * 1024


class NoSmallDisk(Exception):
    """This machine has no small disk; the text is the reason."""


@contextmanager
def small_disk(megabytes: int = 64) -> Iterator[Path]:
    """Yield a folder on a small file system: a mounted one, otherwise `/dev/shm` if it is small.

    Raises `NoSmallDisk` if neither is possible.
    """
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    try:
        if _mount(folder, megabytes):
            try:
                yield folder
            finally:
                subprocess.run([*_root(), "umount", str(folder)], check=True)
        else:
            with _shared_memory() as shared_folder:
                yield shared_folder
    finally:
        folder.rmdir()


@contextmanager
def _shared_memory() -> Iterator[Path]:
    free = shutil.disk_usage(SHARED_MEMORY).free if SHARED_MEMORY.is_dir() else None
    if free is None or free > MAX_TO_FILL:
        raise NoSmallDisk(
            f"mounting one needs root, and {SHARED_MEMORY} is missing or has more than "
            f"{MAX_TO_FILL} bytes"
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
    """Return the prefix that runs a command as root without a password."""
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Fill the file system of the folder to the last byte during the block."""
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
