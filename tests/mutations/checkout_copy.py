"""A copy of the checkout, in which files are changed and tests run."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.mutation import Mutation

PYTEST_SERVER = Path(__file__).with_name("pytest_server.py")
# One failed test is enough. The other options save time: nobody reads why an expected failure
# happened, and the disabled plugins take long to load or change the order of tests.
ARGUMENTS = (
    *("-x", "-q", "-rfE", "--tb=short", "--assert=plain", "-p", "no:cacheprovider"),
    *("-p", "no:randomly", "-p", "no:schemathesis", "-p", "no:hypothesispytest"),
)
# Other test runs may use the Redis databases below this number.
FIRST_REDIS = 8
# Tests that failed or whose fixtures failed, but not modules that could not be imported.
_RED = re.compile(r"^(?:FAILED|ERROR) (\S+::.*?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """The result of a run of pytest. `status` is None if the run hung and was stopped."""

    status: int | None
    output: str
    seconds: float

    @property
    def red(self) -> list[str]:
        """The tests that failed, as pytest names them."""
        return list(dict.fromkeys(_RED.findall(self.output)))


class CheckoutCopy:
    """A copy with its own databases in the given PostgreSQL and Redis."""

    def __init__(self, root: Path, folder: Path, number: int, environment: Mapping[str, str]):
        self.folder = folder
        self._log = folder / "pytest.log"
        self._python = root / ".venv" / "bin" / "python"
        self._number = number
        self._environment = dict(environment)
        # The run without mutations compiles everything, for all later runs.
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # This variable selects the databases of the test run that started this one.
        self._environment.pop("TEST_WORKER", None)
        self._databases = 0
        self._has_database = False
        self._process: subprocess.Popen[str] | None = None
        for name in _files(root):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            # With its time, by which Python decides whether compiled code is current.
            shutil.copy2(root / name, target, follow_symlinks=False)
        (folder / ".venv").symlink_to(root / ".venv")

    @contextmanager
    def changed(self, mutation: Mutation) -> Iterator[None]:
        """Apply the mutation during the block. Raises ValueError if that is impossible."""
        path = self.folder / mutation.file
        original, modified_ns = path.read_bytes(), path.stat().st_mtime_ns
        path.write_text(mutation.apply(original.decode()))
        try:
            yield
        finally:
            path.write_bytes(original)
            os.utime(path, ns=(modified_ns, modified_ns))

    def run(self, tests: Sequence[str], *, seconds: float, compile: bool = False) -> Run:  # noqa: A002
        """Run these tests for at most `seconds`.

        `compile` keeps the compiled code for later runs. Use it only without a mutation.
        """
        start = time.monotonic()
        process = self._process or self._load()
        assert process.stdin is not None
        assert process.stdout is not None
        database = "--reuse-db" if self._has_database else "--create-db"
        self._has_database = True
        request = {
            "arguments": [*ARGUMENTS, database, *tests],
            "log": str(self._log),
            "compile": compile,
        }
        self._log.unlink(missing_ok=True)
        print(json.dumps(request), file=process.stdin, flush=True)
        ready, _, _ = select.select([process.stdout], [], [], seconds)
        answer = process.stdout.readline().strip() if ready else ""
        if not answer:
            self.stop()
        output = self._log.read_text(errors="replace") if self._log.exists() else ""
        return Run(int(answer) if answer else None, output, time.monotonic() - start)

    def stop(self) -> None:
        """Kill the running tests with all their processes."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def _load(self) -> subprocess.Popen[str]:
        """Start a process that runs tests.

        It gets new databases: a killed process may have left rows and locks in the old ones.
        """
        self._databases += 1
        self._has_database = False
        name = f"mutations_{self._number}_{self._databases}"
        self._replace("DATABASE_URL", r"/[^/?]+(?=\?|$)", f"/{name}")
        for offset, variable in enumerate(("CELERY_BROKER_URL", "CACHE_REDIS_URL")):
            self._replace(variable, r"/\d+$", f"/{FIRST_REDIS + 2 * self._number + offset}")
        self._process = subprocess.Popen(
            [self._python, "-P", PYTEST_SERVER],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        return self._process

    def _replace(self, variable: str, pattern: str, text: str) -> None:
        if address := self._environment.get(variable):
            self._environment[variable] = re.sub(pattern, text, address, count=1)


def _files(root: Path) -> list[str]:
    """Return the files of the checkout, committed or not."""
    output = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [name for name in output.split("\0") if name and (root / name).is_file()]
