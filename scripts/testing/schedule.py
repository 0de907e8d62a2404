"""Run parts side by side, one on each lane, in the order in which they are listed."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.local.interrupt import Interrupt
from scripts.local.node import with_node
from scripts.testing.display import Display
from scripts.testing.part import Outcome, Part
from scripts.testing.running import RunningPart

POLL_SECONDS = 0.1
MOST_SERVICES = 2  # parts that start a service, at a time: each computes half of its time
NOT_STARTED = -1  # the status of a part that needs one that has failed


class Schedule:
    """The parts that wait, run and have ended."""

    def __init__(
        self,
        parts: Sequence[Part],
        environment: Mapping[str, str],
        pytest_options: Sequence[str],
        folder: Path,
        display: Display,
    ) -> None:
        """Nothing is started yet; logs will be written into the folder."""
        self._parts = parts
        self._environment = with_node(environment)
        self._pytest_options = pytest_options
        self._folder = folder
        self._display = display
        self._waiting = list(parts)
        self._running: dict[int, RunningPart] = {}
        self._ended: dict[str, Outcome] = {}

    def run(self, lanes: int, interrupt: Interrupt) -> list[Outcome]:
        """Run all parts; how they ended, in the order in which they were listed.

        Raises:
            StopRequested: The person wants to stop; what ran has been ended.
        """
        try:
            while self._waiting or self._running:
                interrupt.check()
                self._give_up_what_cannot_start()
                for lane in range(lanes):
                    if lane not in self._running and (part := self._next()):
                        self._start(part, lane)
                for lane in list(self._running):
                    self._look_at(lane)
                self._display.progress(list(self._running.values()), len(self._ended))
                time.sleep(POLL_SECONDS)
        finally:
            for one in self._running.values():
                one.ask_to_end()
            for one in self._running.values():
                one.end()
        return [self._ended[part.name] for part in self._parts]

    def _next(self) -> Part | None:
        """The first part that may start now."""
        services = sum(one.part.starts_service for one in self._running.values())
        for part in self._waiting:
            is_ready = all(name in self._ended for name in part.after)
            if is_ready and not (part.starts_service and services == MOST_SERVICES):
                return part
        return None

    def _start(self, part: Part, lane: int) -> None:
        self._waiting.remove(part)
        self._display.started(part)
        # Two runs of pytest side by side have databases of their own.
        environment = {**self._environment, "TEST_WORKER": str(lane)}
        self._running[lane] = RunningPart(part, environment, self._folder, self._pytest_options)

    def _look_at(self, lane: int) -> None:
        one = self._running[lane]
        has_ended = one.has_ended()
        for failure in one.news():
            self._display.failed(one.part, failure)
        if has_ended:
            del self._running[lane]
            self._end(one.outcome())

    def _give_up_what_cannot_start(self) -> None:
        for part in list(self._waiting):
            failed = [
                name for name in part.after if name in self._ended and not self._ended[name].is_good
            ]
            if failed:
                self._waiting.remove(part)
                why = f"It was not started, since it needs: {', '.join(failed)}."
                self._end(Outcome(part, NOT_STARTED, log=why))

    def _end(self, outcome: Outcome) -> None:
        self._ended[outcome.part.name] = outcome
        self._display.ended(outcome)
