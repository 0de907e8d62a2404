"""A part of a test run, and its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.local.checkout import PYTHON, ROOT


@dataclass(frozen=True)
class Part:
    """A command that passes when its exit status is 0; with `tests`, pytest on these paths.

    `seconds` is the processor time at the last measurement. The display estimates the length of
    the run from it, and a part that takes many times as long is ended.
    """

    name: str
    seconds: int
    command: Sequence[str] = ()
    tests: Sequence[str] = ()
    ignored: Sequence[str] = ()  # paths below `tests` that another part runs
    after: Sequence[str] = ()  # parts that must have passed before this one starts
    starts_service: bool = False  # the schedule runs few of these at a time
    directory: Path = ROOT

    def command_line(self, pytest_options: Sequence[str]) -> list[str]:
        """Return the command; `pytest_options` are common to all runs of pytest."""
        if not self.tests:
            return list(self.command)
        ignored = [f"--ignore={path}" for path in self.ignored]
        return [str(PYTHON), "-m", "pytest", *pytest_options, *ignored, *self.tests]

    def covers(self, path: str) -> bool:
        """Whether this part runs the test file. The path is relative to the checkout."""
        return _is_below(path, self.tests) and not _is_below(path, self.ignored)


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


@dataclass(frozen=True)
class Outcome:
    """The result of a part."""

    part: Part
    status: int  # exit status
    wall: float = 0.0  # seconds
    processor: float = (
        0.0  # seconds, of the part and of the processes that it started and waited for
    )
    passed: int = 0
    failures: Sequence[str] = ()  # names of failed tests
    skipped: Sequence[str] = ()  # one line per test: name and reason
    log: str = ""  # the complete output

    @property
    def is_good(self) -> bool:
        return self.status == 0

    @property
    def is_unexplained(self) -> bool:
        """Whether the part failed without a failed test: a check, a crash, no tests collected."""
        return not self.is_good and not self.failures
