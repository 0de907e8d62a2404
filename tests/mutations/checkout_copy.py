"""A copy of the checkout, where files may be changed and tests run on them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.mutation import Mutation

# -x: one red test is enough. The plugins that are off cost time, or change the order of tests.
PYTEST = (
    *("-m", "pytest", "-x", "-q", "-rfE", "--tb=short", "-p", "no:cacheprovider"),
    *("-p", "no:randomly", "-p", "no:schemathesis", "-p", "no:hypothesispytest"),
)
# Tests that failed, or whose fixtures did; not modules that could not be imported.
_RED = re.compile(r"^(?:FAILED|ERROR) (\S+::.*?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What came of a run of pytest. `status` is None when it was stopped because it hung."""

    status: int | None
    output: str
    seconds: float

    @property
    def red(self) -> list[str]:
        """The tests that failed, as pytest names them."""
        return _RED.findall(self.output)


class CheckoutCopy:
    """One of several copies, each with databases of its own in the given PostgreSQL and Redis."""

    def __init__(self, root: Path, folder: Path, number: int, environment: Mapping[str, str]):
        self.folder = folder
        self._python = str(root / ".venv" / "bin" / "python")
        self._number = number
        self._databases = 0
        self._has_database = False
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._use_other_databases()
        for name in _files(root):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            # With its time: Python compares it to know whether compiled code is current.
            shutil.copy2(root / name, target, follow_symlinks=False)
        (folder / ".venv").symlink_to(root / ".venv")

    @contextmanager
    def changed(self, mutation: Mutation) -> Iterator[None]:
        """Make the change for the time of the block. Raises ValueError when it cannot be made."""
        path = self.folder / mutation.file
        original, moment = path.read_bytes(), path.stat().st_mtime_ns
        path.write_text(mutation.apply(original.decode()))
        try:
            yield
        finally:
            path.write_bytes(original)
            os.utime(path, ns=(moment, moment))

    def run(self, tests: Sequence[str], *, seconds: float, compile: bool = False) -> Run:  # noqa: A002
        """Run these tests for so many seconds at most.

        `compile` keeps the compiled code, for later runs; only of files that are not changed.
        """
        environment = {**self._environment, "PYTHONDONTWRITEBYTECODE": "" if compile else "1"}
        database = "--reuse-db" if self._has_database else "--create-db"
        self._has_database = True
        log = self.folder / "pytest.log"
        start = time.monotonic()
        status: int | None = None
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [self._python, *PYTEST, database, *tests],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                process_group=0,
            )
            try:
                status = self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                # What was stopped at any point may have left rows and locks.
                self._use_other_databases()
            finally:
                self.stop()
                self._process.wait()
        return Run(status, log.read_text(errors="replace"), time.monotonic() - start)

    def stop(self) -> None:
        """End what runs, with every process that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _use_other_databases(self) -> None:
        self._databases += 1
        self._has_database = False
        name = f"mutations_{self._number}_{self._databases}"
        self._replace("DATABASE_URL", r"/[^/?]+(?=\?|$)", f"/{name}")
        self._replace("CELERY_BROKER_URL", r"/\d+$", f"/{2 * self._number}")
        self._replace("CACHE_REDIS_URL", r"/\d+$", f"/{2 * self._number + 1}")

    def _replace(self, variable: str, pattern: str, text: str) -> None:
        if address := self._environment.get(variable):
            self._environment[variable] = re.sub(pattern, text, address, count=1)


def _files(root: Path) -> list[str]:
    """The files that belong to the checkout, committed or not."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [name for name in listed.split("\0") if name and (root / name).is_file()]
