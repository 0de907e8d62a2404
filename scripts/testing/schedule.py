"""Run parts side by side, one on each lane, in the order in which they are listed."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.local.installing.node import with_node
from scripts.local.processes.interrupt import Interrupt
from scripts.testing.display import Display
from scripts.testing.part import Outcome, Part
from scripts.testing.running import RunningPart

POLL_SECONDS = 0.1
MAX_SERVICES = 2  # parts with a service at a time: each uses a core for half of its time
NOT_STARTED = -1  # the exit status of a part that needs a failed part


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
        """Start nothing yet. Logs will be written to the folder."""
        self._parts = parts
        self._environment = with_node(environment)
        self._pytest_options = pytest_options
        self._folder = folder
        self._display = display
        self._waiting = list(parts)
        self._running: dict[int, RunningPart] = {}
        self._outcomes: dict[str, Outcome] = {}

    def run(self, lanes: int, interrupt: Interrupt) -> list[Outcome]:
        """Run all parts and return their outcomes in the order in which the parts are listed.

        Raises:
            StopRequested: A signal arrived; running parts have been ended.
        """
        try:
            while self._waiting or self._running:
                interrupt.check()
                self._drop_impossible_parts()
                for lane in range(lanes):
                    if lane not in self._running and (part := self._next_part()):
                        self._start(part, lane)
                for lane in list(self._running):
                    self._update(lane)
                self._display.show_progress(list(self._running.values()), len(self._outcomes))
                time.sleep(POLL_SECONDS)
        finally:
            for running in self._running.values():
                running.interrupt()
            for running in self._running.values():
                running.end()
        return [self._outcomes[part.name] for part in self._parts]

    def _next_part(self) -> Part | None:
        """Return the first part that may start now."""
        services = sum(running.part.starts_service for running in self._running.values())
        for part in self._waiting:
            is_ready = all(name in self._outcomes for name in part.after)
            if is_ready and not (part.starts_service and services == MAX_SERVICES):
                return part
        return None

    def _start(self, part: Part, lane: int) -> None:
        self._waiting.remove(part)
        self._display.show_start(part)
        # Each lane has databases of its own.
        environment = {**self._environment, "TEST_WORKER": str(lane)}
        self._running[lane] = RunningPart(part, environment, self._folder, self._pytest_options)

    def _update(self, lane: int) -> None:
        """Show new failures of the lane's part, and its outcome when it has ended."""
        running = self._running[lane]
        has_ended = running.has_ended()
        for failure in running.progress.read():
            self._display.show_failure(running.part, failure)
        if has_ended:
            del self._running[lane]
            self._add_outcome(running.outcome())

    def _drop_impossible_parts(self) -> None:
        for part in list(self._waiting):
            failed = [
                name
                for name in part.after
                if name in self._outcomes and not self._outcomes[name].is_good
            ]
            if failed:
                self._waiting.remove(part)
                reason = f"It was not started, since it needs: {', '.join(failed)}."
                self._add_outcome(Outcome(part, NOT_STARTED, log=reason))

    def _add_outcome(self, outcome: Outcome) -> None:
        self._outcomes[outcome.part.name] = outcome
        self._display.show_end(outcome)
