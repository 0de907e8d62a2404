"""The output of the test command: start, progress, each failure, and the summary."""

import time
from collections.abc import Sequence

from scripts.testing.part import Outcome, Part
from scripts.testing.progress import Failure
from scripts.testing.running import RunningPart

PROGRESS_SECONDS = 20  # pause between two lines that only report progress
LOG_LINES = 200
RULE = "-" * 78
# The seconds of the parts do not include the time of the databases and of idle cores.
OVERHEAD = 1.3


class Display:
    """Lines on standard output, each with the time since the start."""

    def __init__(self, parts: Sequence[Part], lanes: int, cores: int) -> None:
        self._count = len(parts)
        self._width = max(len(part.name) for part in parts)
        self._start = self._last_line = time.monotonic()
        seconds = OVERHEAD * sum(part.seconds for part in parts) / cores
        minutes = max(round(seconds / 60), 1)
        print(f"{len(parts)} parts, {lanes} at a time: about {minutes} minutes.", flush=True)

    def show_start(self, part: Part) -> None:
        self._print("start", part.name)

    def show_failure(self, part: Part, failure: Failure) -> None:
        """Print the name of a failed test and its traceback."""
        self._print("FAILED", f"{failure.test} ({part.name})")
        print(f"{RULE}\n{failure.reason}\n{RULE}", flush=True)

    def show_end(self, outcome: Outcome) -> None:
        """Print how a part ended; if no failed test explains it, also the end of its output."""
        times = f"{outcome.wall:5.0f} s"
        line = f"{outcome.part.name:{self._width}}  {times}  {_counts(outcome)}"
        self._print("ok" if outcome.is_good else "FAILED", line.rstrip())
        if outcome.is_unexplained:
            last = "\n".join(outcome.log.splitlines()[-LOG_LINES:])
            print(f"{RULE}\n{last}\n{RULE}", flush=True)

    def show_progress(self, running: Sequence[RunningPart], ended: int) -> None:
        """Print how far the parts are, unless a line was printed recently."""
        if time.monotonic() - self._last_line < PROGRESS_SECONDS:
            return
        parts = ", ".join(
            f"{one.part.name} {one.progress.ended}/{one.progress.collected}"
            if one.progress.collected
            else f"{one.part.name} {one.seconds:.0f} s"
            for one in running
        )
        self._print("...", f"{ended} of {self._count} parts done; {parts}")

    def show_summary(self, outcomes: Sequence[Outcome]) -> None:
        """Print a table of all parts, the skipped tests, the failures and the closing line."""
        wall = time.monotonic() - self._start
        print(f"\n{'part':{self._width}}   wall s  processor s  tests")
        for outcome in outcomes:
            times = f"{outcome.wall:7.0f}  {outcome.processor:11.0f}"
            print(f"{outcome.part.name:{self._width}}  {times}  {_counts(outcome)}".rstrip())
        processor = sum(outcome.processor for outcome in outcomes)
        print(f"{'all':{self._width}}  {wall:7.0f}  {processor:11.0f}")
        for reason in (line for outcome in outcomes for line in outcome.skipped):
            print(f"skipped: {reason}")
        for outcome in outcomes:
            for test in outcome.failures or ([] if outcome.is_good else [outcome.part.name]):
                print(f"failed: {test}")
        print(closing_line(outcomes), flush=True)

    def _print(self, event: str, text: str) -> None:
        self._last_line = time.monotonic()
        minutes, seconds = divmod(int(self._last_line - self._start), 60)
        print(f"{minutes:3}:{seconds:02} {event:6} {text}", flush=True)


def _counts(outcome: Outcome) -> str:
    if not outcome.part.tests:
        return ""
    counts = [f"{outcome.passed} passed"]
    if outcome.failures:
        counts.append(f"{len(outcome.failures)} failed")
    if outcome.skipped:
        counts.append(f"{len(outcome.skipped)} skipped")
    return ", ".join(counts)


def closing_line(outcomes: Sequence[Outcome]) -> str:
    """Return the counts of all tests and checks; a check counts as one test."""
    passed = sum(outcome.passed for outcome in outcomes)
    passed += sum(outcome.is_good for outcome in outcomes if not outcome.part.tests)
    failed = sum(len(outcome.failures) or int(not outcome.is_good) for outcome in outcomes)
    skipped = sum(len(outcome.skipped) for outcome in outcomes)
    return f"{passed} passed, {failed} failed, {skipped} skipped"
