"""Messages that wait at the broker while a worker with nothing to do takes none of them."""

from __future__ import annotations

from collections.abc import Callable


class WaitingMessages:
    """Notices that a worker no longer receives messages.

    `count` asks the broker how many wait in the worker's queues. It is only called when the worker
    has had nothing to do for `hang_seconds`. Without waiting messages, an idle worker is well: the
    scheduler may have stopped, and nobody wants anything.
    """

    def __init__(self, count: Callable[[], int], hang_seconds: float) -> None:
        self._count = count
        self._hang_seconds = hang_seconds
        self._begun = -1
        self._idle_since = 0.0
        self._waiting_since: float | None = None

    def are_ignored(self, begun: int, *, is_idle: bool, now: float) -> bool:
        """Return whether messages have waited for `hang_seconds` while this worker was idle.

        `begun` is the number of messages that the worker has ever begun.
        """
        if not is_idle or begun != self._begun:
            self._begun, self._idle_since, self._waiting_since = begun, now, None
        elif now - self._idle_since > self._hang_seconds:
            if not self._message_waits():
                self._waiting_since = None
            elif self._waiting_since is None:
                self._waiting_since = now
            else:
                return now - self._waiting_since > self._hang_seconds
        return False

    def _message_waits(self) -> bool:
        try:
            return self._count() > 0
        except Exception:  # noqa: BLE001 - each broker has its own errors
            return False  # a new worker could not reach the broker either
