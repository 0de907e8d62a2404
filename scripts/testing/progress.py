"""How a run of pytest gets on, told in a file: one JSON object a line.

`pytest -p scripts.testing.progress` writes the file that the environment variable
`TEST_PROGRESS_FILE` names; `Reader` reads it meanwhile.
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
    """The pytest plugin: what was collected, and each test as it ends."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("a", buffering=1)  # noqa: SIM115 - open until pytest ends

    def pytest_collection_finish(self, session: "pytest.Session") -> None:
        self._write(collected=len(session.items))

    def pytest_collectreport(self, report: "pytest.CollectReport") -> None:
        if report.failed:
            self._write(failed=report.nodeid, why=report.longreprtext)

    def pytest_runtest_logreport(self, report: "pytest.TestReport") -> None:
        if report.failed:
            self._write(failed=report.nodeid, why=_explanation(report))
        elif report.skipped:
            self._write(skipped=report.nodeid, why=_reason(report))
        if report.when == "teardown":
            self._write(ended=report.nodeid)

    def _write(self, **line: object) -> None:
        self._file.write(json.dumps(line) + "\n")


def _explanation(report: "pytest.TestReport") -> str:
    """The traceback, and the end of what the test has printed and logged."""
    said = "\n".join(text for _, text in report.sections).splitlines()
    return "\n".join([report.longreprtext, *said[-CAPTURED_LINES:]]).rstrip()


def _reason(report: "pytest.TestReport") -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(getattr(report, "wasxfail", "") or report.longreprtext)


def pytest_configure(config: "pytest.Config") -> None:
    """Where the variable names a file, write it."""
    if path := os.environ.get(VARIABLE):
        config.pluginmanager.register(Writer(path), "progress-writer")


@dataclass(frozen=True)
class Failure:
    """A test that failed, or a file that could not be collected."""

    test: str
    why: str


class Reader:
    """What a run has told so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self.collected = 0
        self.ended = 0
        self.failed: list[str] = []
        self.skipped: list[str] = []

    @property
    def passed(self) -> int:
        return max(self.ended - len(self.failed) - len(self.skipped), 0)

    def news(self) -> list[Failure]:
        """Read on; what has failed since the last call."""
        failures = []
        for line in self._new_lines():
            match line:
                case {"collected": int(count)}:
                    self.collected = count
                case {"failed": str(test), "why": str(why)}:
                    if test not in self.failed:  # a test may fail once more when it is torn down
                        self.failed.append(test)
                    failures.append(Failure(test, why))
                case {"skipped": str(test), "why": str(why)}:
                    self.skipped.append(f"{test}: {why}")
                case {"ended": _}:
                    self.ended += 1
        return failures

    def _new_lines(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._read)
            complete = file.read().rpartition(b"\n")[0]
        if not complete:
            return []
        self._read += len(complete) + 1
        return [json.loads(line) for line in complete.splitlines()]
