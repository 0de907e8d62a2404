"""A clock that stands still while its process is suspended."""

from __future__ import annotations

import time


class RunningTime:
    """Seconds in which this process ran, as far as calls of `advance` show.

    If the whole container is paused, nothing in it hangs. So a gap between two calls counts as two
    intervals at most.
    """

    def __init__(self, interval: float) -> None:
        self.now = 0.0
        self._longest_step = 2 * interval
        self._last = time.monotonic()

    def advance(self) -> float:
        """Add the time since the last call and return the sum."""
        present = time.monotonic()
        self.now += min(present - self._last, self._longest_step)
        self._last = present
        return self.now
