"""The messages that a worker holds, and which of them it has held for too long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary


class HeldMessages:
    """Remembers how long each message has waited for a child, or has been with its child.

    A worker takes no more messages than it has children or threads, so each message should begin
    at once. It should end within its time limit: Celery kills a child that exceeds it, but cannot
    end a thread.
    """

    def __init__(self, hang_seconds: float) -> None:
        self._hang_seconds = hang_seconds
        # When each message was first seen waiting, and first seen with a child.
        self._waiting: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
        self._begun: WeakKeyDictionary[Any, float] = WeakKeyDictionary()

    def overdue(self, requests: Iterable[Any], now: float) -> list[Any]:
        """Return the requests (Celery's name for a message that a worker holds) that hang."""
        return [request for request in requests if self._is_overdue(request, now)]

    def _is_overdue(self, request: Any, now: float) -> bool:
        if request.time_start is None:
            return now - self._waiting.setdefault(request, now) > self._hang_seconds
        limit = request.time_limits[0] or request.task.time_limit
        return now - self._begun.setdefault(request, now) > limit + self._hang_seconds


def child_of(request: Any) -> int | None:
    """Return the process id of the child that has the message, or None if no child has it."""
    if request.time_start is not None:
        pid: int = request.worker_pid
        return pid
    # The message was written to a child that has not begun it.
    job = request._apply_result and request._apply_result()
    process = getattr(job, "_write_to", None) or getattr(job, "_scheduled_for", None)
    return process.pid if process else None
