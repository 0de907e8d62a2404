"""Report the progress of a pytest run in a file with one JSON object per line.

`pytest -p scripts.testing.progress` writes the file that the environment variable
`TEST_PROGRESS_FILE` names. `Reader` reads it while pytest runs.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

VARIABLE = "TEST_PROGRESS_FILE"
CAPTURED_LINES = 30


class Writer:
    """The pytest plugin. It writes the number of collected tests, and each test when it ends."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("a", buffering=1)  # noqa: SIM115 - open until pytest ends

    def pytest_collection_finish(self, session: "pytest.Session") -> None:
        self._write(collected=len(session.items))

    def pytest_collectreport(self, report: "pytest.CollectReport") -> None:
        if report.failed:
            self._write(failed=report.nodeid, reason=report.longreprtext)

    def pytest_runtest_logreport(self, report: "pytest.TestReport") -> None:
        if report.failed:
            self._write(failed=report.nodeid, reason=_failure_text(report))
        elif report.skipped:
            self._write(skipped=report.nodeid, reason=_skip_reason(report))
        if report.when == "teardown":
            self._write(ended=report.nodeid)

    def _write(self, **line: object) -> None:
        self._file.write(json.dumps(line) + "\n")


def _failure_text(report: "pytest.TestReport") -> str:
    """Return the traceback and the end of the captured output."""
    captured = "\n".join(text for _, text in report.sections).splitlines()
    return "\n".join([report.longreprtext, *captured[-CAPTURED_LINES:]]).rstrip()


def _skip_reason(report: "pytest.TestReport") -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(getattr(report, "wasxfail", "") or report.longreprtext)


def pytest_configure(config: "pytest.Config") -> None:
    """Write the progress file if the variable names one."""
    if path := os.environ.get(VARIABLE):
        config.pluginmanager.register(Writer(path), "progress-writer")


@dataclass(frozen=True)
class Failure:
    """A failed test, or a file that could not be collected."""

    test: str
    reason: str


class Reader:
    """The progress of a run, as far as the file was read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.collected = 0
        self.ended = 0
        self.failed: list[str] = []
        self.skipped: list[str] = []

    @property
    def passed(self) -> int:
        return max(self.ended - len(self.failed) - len(self.skipped), 0)

    def read(self) -> list[Failure]:
        """Read new lines and return the failures in them."""
        failures = []
        for line in self._new_lines():
            match line:
                case {"collected": int(count)}:
                    self.collected = count
                case {"failed": str(test), "reason": str(reason)}:
                    if test not in self.failed:  # its teardown may fail, too
                        self.failed.append(test)
                    failures.append(Failure(test, reason))
                case {"skipped": str(test), "reason": str(reason)}:
                    self.skipped.append(f"{test}: {reason}")
                case {"ended": _}:
                    self.ended += 1
        return failures

    def _new_lines(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            complete = file.read().rpartition(b"\n")[0]
        if not complete:
            return []
        self._offset += len(complete) + 1
        return [json.loads(line) for line in complete.splitlines()]
