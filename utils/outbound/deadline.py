"""One time limit for all steps of a request."""

from __future__ import annotations

import time

from utils.outbound.errors import RemoteTimeout


class Deadline:
    """Counts down from its creation."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the remaining seconds. Raises `RemoteTimeout` if none are left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> RemoteTimeout:
        """Return the error for a deadline that has passed."""
        return RemoteTimeout(
            f"The other server did not finish within {self.seconds:g} seconds.", limit=self.seconds
        )
