"""One time limit for all steps of a request together."""

from __future__ import annotations

import time

from utils.outbound.errors import RemoteTimeout


class Deadline:
    """Counts down from the moment it is made."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left, more than 0; raises `RemoteTimeout`."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> RemoteTimeout:
        """The error that says so."""
        return RemoteTimeout(
            f"The other server was not done within {self.seconds:g} seconds.", limit=self.seconds
        )
