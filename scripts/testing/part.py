"""A part of the proof, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.local.bootstrap import PYTHON, ROOT


@dataclass(frozen=True)
class Part:
    """A command that passes when it exits with 0; with `tests`, a run of pytest over these paths.

    `seconds` is the processor time that it took when it was last measured. The display estimates
    the length of the proof by it, and a part that takes many times as long is ended.
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
        """What to run; the options are those that all runs of pytest have in common."""
        if not self.tests:
            return list(self.command)
        ignored = [f"--ignore={path}" for path in self.ignored]
        return [str(PYTHON), "-m", "pytest", *pytest_options, *ignored, *self.tests]

    def covers(self, path: str) -> bool:
        """Whether this part runs the test file of that path, relative to the checkout."""
        return _is_below(path, self.tests) and not _is_below(path, self.ignored)


def _is_below(path: str, places: Sequence[str]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


@dataclass(frozen=True)
class Outcome:
    """How a part ended."""

    part: Part
    status: int  # exit status
    wall: float = 0.0  # seconds
    processor: float = 0.0  # seconds, of all processes that it started and waited for
    passed: int = 0
    failures: Sequence[str] = ()  # names of the tests that failed
    skipped: Sequence[str] = ()  # a line for each: name and reason
    log: str = ""  # all that it printed

    @property
    def is_good(self) -> bool:
        return self.status == 0

    @property
    def is_unexplained(self) -> bool:
        """Whether it failed without saying which test: a check, a crash, nothing collected."""
        return not self.is_good and not self.failures
