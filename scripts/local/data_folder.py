"""The folder that holds everything the embedded stack keeps, owned by one start at a time."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.local.bootstrap import say
from scripts.local.errors import StartError
from scripts.local.interrupt import Interrupt

PREVIOUS_RUN_SECONDS = 120
SUBFOLDERS = ("logs", "media", "redis", "run", "secrets", "static", "tmp")


class DataFolder:
    """An open, locked data folder. `close` (or the end of the process) gives it back.

    `is_new` tells whether this start has made it: what was there before is somebody's, and
    keeps its mode.
    """

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        """Make the folder if needed (or take a new one) and lock it.

        Raises:
            StartError: It cannot be made, is not writable, or another start uses it.
        """
        self.path = path.absolute()
        _refuse_odd_name(self.path)
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
    def run(self) -> Path:
        """What is only of use while the stack runs."""
        return self.path / "run"

    @property
    def temporary(self) -> Path:
        """The programs' temporary files. The next start removes what killed ones left."""
        return self.path / "tmp"

    @property
    def secrets(self) -> Path:
        """Generated passwords and keys."""
        return self.path / "secrets"

    @property
    def program_lock(self) -> Path:
        """Shared by every running program of this folder, see leash.py."""
        return self.run / "programs.lock"

    def wait_for_programs(self, seconds: float, interrupt: Interrupt | None = None) -> bool:
        """Wait until no program of this folder runs; False when some still do (or on a signal)."""
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
        """Remove what killed programs left. Call it only while no program runs."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(mode=0o700, exist_ok=True)

    def close(self) -> None:
        """Let the next start have the folder."""
        os.close(self._lock)

    def delete(self) -> None:
        """Remove the folder, and the database kept outside of it if there is one."""
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
def opened(path: Path | None, interrupt: Interrupt, *, prefix: str) -> Iterator[DataFolder]:
    """Open the folder, or without a path a temporary one, which is removed at the end.

    After a failure the temporary one stays if there are logs in it, since the error names one.

    Raises:
        StartError: The folder cannot be used, or programs of an earlier run do not end.
    """
    data = DataFolder(path or Path(tempfile.mkdtemp(prefix=prefix)), is_new=path is None)
    keep = path is not None
    try:
        _await_previous_run(data, interrupt)
        data.remove_temporary_files()
        yield data
    except StartError:
        keep = keep or any(data.logs.iterdir())
        raise
    finally:
        if not keep:
            data.delete()
        data.close()


def _await_previous_run(data: DataFolder, interrupt: Interrupt) -> None:
    """Wait for programs whose start was killed; their supervisor is still stopping them."""
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
    """Make the folder; False when something is there already."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return False
    return True


def _require_writable(folder: Path) -> None:
    # Opening for writing asks the system; permission bits alone do not tell about a
    # read-only mount or a foreign owner.
    with tempfile.TemporaryFile(dir=folder):
        pass


def _refuse_odd_name(path: Path) -> None:
    """Supervisor's configuration would take the rest of such a name for a comment."""
    for odd in (" ;", " #", "\n", '"'):
        if odd in str(path):
            raise StartError(f"The data folder {path} has {odd!r} in its name: choose another.")
