"""What the test command says: at the start, on the way, for each failure, and at the end."""

import time
from collections.abc import Sequence

from scripts.testing.part import Outcome, Part
from scripts.testing.progress import Failure
from scripts.testing.running import RunningPart

PAUSE = 20  # seconds between two lines that only say how far it is
LOG_LINES = 200
RULE = "-" * 78
# The parts' seconds leave out what the databases take, and the moments when a core is idle.
OVERHEAD = 1.3


class Display:
    """Lines on standard output, each with the time since the start."""

    def __init__(self, parts: Sequence[Part], lanes: int, cores: int) -> None:
        self._count = len(parts)
        self._width = max(len(part.name) for part in parts)
        self._start = self._said = time.monotonic()
        seconds = OVERHEAD * sum(part.seconds for part in parts) / cores
        minutes = max(round(seconds / 60), 1)
        print(f"{len(parts)} parts, {lanes} at a time: about {minutes} minutes.", flush=True)

    def started(self, part: Part) -> None:
        self._say("start", part.name)

    def failed(self, part: Part, failure: Failure) -> None:
        """Say at once which test failed, and why."""
        self._say("FAILED", f"{failure.test} ({part.name})")
        print(f"{RULE}\n{failure.why}\n{RULE}", flush=True)

    def ended(self, outcome: Outcome) -> None:
        """Say how a part ended; if no test says why it failed, what it printed."""
        times = f"{outcome.wall:5.0f} s"
        line = f"{outcome.part.name:{self._width}}  {times}  {_counts(outcome)}"
        self._say("ok" if outcome.is_good else "FAILED", line.rstrip())
        if outcome.is_unexplained:
            last = "\n".join(outcome.log.splitlines()[-LOG_LINES:])
            print(f"{RULE}\n{last}\n{RULE}", flush=True)

    def progress(self, running: Sequence[RunningPart], ended: int) -> None:
        """Now and then, how far it is."""
        if time.monotonic() - self._said < PAUSE:
            return
        parts = ", ".join(
            f"{one.part.name} {one.progress.ended}/{one.progress.collected}"
            if one.progress.collected
            else f"{one.part.name} {one.seconds:.0f} s"
            for one in running
        )
        self._say("...", f"{ended} of {self._count} parts done; {parts}")

    def summary(self, outcomes: Sequence[Outcome]) -> None:
        """A table of all parts, what was skipped and why, what failed, and the closing line."""
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

    def _say(self, what: str, text: str) -> None:
        self._said = time.monotonic()
        minutes, seconds = divmod(int(self._said - self._start), 60)
        print(f"{minutes:3}:{seconds:02} {what:6} {text}", flush=True)


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
    """All tests and checks in one line; a check counts as one test."""
    passed = sum(outcome.passed for outcome in outcomes)
    passed += sum(outcome.is_good for outcome in outcomes if not outcome.part.tests)
    failed = sum(len(outcome.failures) or int(not outcome.is_good) for outcome in outcomes)
    skipped = sum(len(outcome.skipped) for outcome in outcomes)
    return f"{passed} passed, {failed} failed, {skipped} skipped"
