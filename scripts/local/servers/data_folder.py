"""The data folder: all files of the embedded servers and of the service, used by one start."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.local.processes.interrupt import Interrupt
from scripts.local.terminal import StartError, say

PREVIOUS_RUN_SECONDS = 120
SUBFOLDERS = ("logs", "mails", "media", "redis", "run", "secrets", "static", "tmp")


class DataFolder:
    """A locked data folder. `close` (or the end of the process) unlocks it.

    `is_new` tells whether this start made the folder. A folder that existed before keeps its mode.
    """

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        """Make the folder if needed and lock it. `is_new`: the caller has just made it.

        Raises:
            StartError: The folder cannot be made, is not writable, or is used by another start.
        """
        self.path = path.absolute()
        _require_simple_name(self.path)
        try:
            self.is_new = is_new or _make(self.path)
            self._lock = self._take_lock()
            for name in SUBFOLDERS:
                (self.path / name).mkdir(mode=0o700, exist_ok=True)
                _require_writable(self.path / name)
        except OSError as error:
            raise StartError(
                f"The data folder {self.path} cannot be used by this account: {error.strerror} "
                f"({error.filename or self.path}); choose another with --data."
            ) from error

    @property
    def logs(self) -> Path:
        """One file per program."""
        return self.path / "logs"

    @property
    def mails(self) -> Path:
        """One file per mail that the service sends, if no mail server is named."""
        return self.path / "mails"

    @property
    def run(self) -> Path:
        """Files that are only needed while the service runs."""
        return self.path / "run"

    @property
    def temporary(self) -> Path:
        """Temporary files of the programs. The next start removes those of killed programs."""
        return self.path / "tmp"

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys."""
        return self.path / "secrets"

    @property
    def program_lock(self) -> Path:
        """The lock that every running program of this folder shares (see leash.py)."""
        return self.run / "programs.lock"

    def wait_for_programs(self, seconds: float, interrupt: Interrupt | None = None) -> bool:
        """Wait until no program of this folder runs; False after a signal or after `seconds`."""
        end = time.monotonic() + seconds
        descriptor = os.open(self.program_lock, os.O_RDONLY | os.O_CREAT, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return True
                except BlockingIOError:
                    if time.monotonic() > end or (interrupt and interrupt.requested):
                        return False
                    time.sleep(0.05)
        finally:
            os.close(descriptor)

    def remove_temporary_files(self) -> None:
        """Remove the temporary files of killed programs. No program may be running."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(mode=0o700, exist_ok=True)

    def close(self) -> None:
        """Unlock the folder for the next start."""
        os.close(self._lock)

    def delete(self) -> None:
        """Remove the folder, and its database if that is kept elsewhere."""
        database = self.path / "postgres"
        if database.is_symlink():
            shutil.rmtree(database.resolve(), ignore_errors=True)
        shutil.rmtree(self.path, ignore_errors=True)

    def _take_lock(self) -> int:
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 20).decode().strip()
            os.close(descriptor)
            raise StartError(
                f"The data folder {self.path} is in use by another start (process {owner}): "
                "stop that one or choose another folder with --data."
            ) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor


@contextmanager
def open_data_folder(
    path: Path | None, interrupt: Interrupt, *, prefix: str = ""
) -> Iterator[DataFolder]:
    """Open the folder. Without a path, open a temporary folder that is removed at the end.

    `prefix` is for the name of the temporary folder. After a failure it stays if it has logs,
    because the error message names one of them.

    Raises:
        StartError: The folder cannot be used, or programs of an earlier run do not end.
    """
    data = DataFolder(path or Path(tempfile.mkdtemp(prefix=prefix)), is_new=path is None)
    keep = path is not None
    try:
        _wait_for_previous_run(data, interrupt)
        data.remove_temporary_files()
        yield data
    except StartError:
        keep = keep or any(data.logs.iterdir())
        raise
    finally:
        if not keep:
            data.delete()
        data.close()


def _wait_for_previous_run(data: DataFolder, interrupt: Interrupt) -> None:
    """Wait while a supervisor still stops the programs of a start that was killed."""
    if data.wait_for_programs(0):
        return
    say("An earlier run on this data folder is still stopping ...")
    if not data.wait_for_programs(PREVIOUS_RUN_SECONDS, interrupt):
        interrupt.check()
        raise StartError(
            f"Programs of an earlier run on {data.path} are still running after "
            f"{PREVIOUS_RUN_SECONDS} seconds: end them and start again."
        )


def _make(folder: Path) -> bool:
    """Make the folder; False when the path exists already."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return False
    return True


def _require_writable(folder: Path) -> None:
    # Try it: the permission bits alone tell nothing about a read-only mount or another owner.
    with tempfile.TemporaryFile(dir=folder):
        pass


def _require_simple_name(path: Path) -> None:
    """Refuse names that supervisor's configuration file cannot hold: they start a comment there."""
    for text in (" ;", " #", "\n", '"'):
        if text in str(path):
            raise StartError(f"The data folder {path} has {text!r} in its name: choose another.")
