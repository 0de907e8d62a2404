"""`client.tasks`: what was asked for, and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from image_processing_client import pages
from image_processing_client.errors import TaskFailed, WaitTimedOut
from image_processing_client.records import Task
from image_processing_client.transport import Call, Transport

LONGEST_WAIT = 20  # seconds per request; less than proxies allow a silent connection
PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds, when the service answers before the time is over


class Tasks:
    """List, show, wait, cancel, retry, delete."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, status: str | None = None, original_image: int | None = None
    ) -> Iterator[Task]:
        """All of them, or those with that status or of that image; newest first."""
        given = {"status": status, "original_image": original_image}
        params = {name: value for name, value in given.items() if value is not None}
        return (Task.of(row) for row in pages.items(self._transport, "tasks/", params))

    def get(self, task: int | Task) -> Task:
        return self._show(task)

    def wait(self, task: int | Task, *, timeout: float = 300, check: bool = True) -> Task:
        """The task once it has ended.

        Raises `WaitTimedOut` after so many seconds, and `TaskFailed` unless `check` is False.
        The service holds the answer back until there is something to say.
        """
        end = time.monotonic() + timeout
        for attempt in range(2**31):
            asked = max(0, min(LONGEST_WAIT, int(end - time.monotonic())))
            begun = time.monotonic()
            shown = self._show(task, wait=asked)
            if shown.is_finished:
                break
            if time.monotonic() >= end:
                raise WaitTimedOut(shown, timeout)
            if time.monotonic() - begun < asked or asked == 0:
                # Too many callers wait there, or less than a second is left.
                pause = PAUSES[min(attempt, len(PAUSES) - 1)]
                time.sleep(max(0.0, min(pause, end - time.monotonic())))
        if check and shown.status != "SUCCESS":
            raise TaskFailed(shown)
        return shown

    def cancel(self, task: int | Task) -> Task:
        """Stop it; raises `Conflict` when it has ended already."""
        return self._act(task, "cancel")

    def retry(self, task: int | Task) -> Task:
        """Another attempt of one that failed or was cancelled; raises `Conflict` otherwise."""
        return self._act(task, "retry")

    def delete(self, task: int | Task) -> None:
        """Delete it with its result."""
        self._transport.json(Call("DELETE", f"tasks/{id_of(task)}/"))

    def bound(self, data: Any) -> Task:
        """A task of an answer, which can be waited for."""
        return Task.of(data, tasks=self)

    def _act(self, task: int | Task, action: str) -> Task:
        call = Call("POST", f"tasks/{id_of(task)}/{action}/", repeatable=False)
        return self.bound(self._transport.json(call))

    def _show(self, task: int | Task, wait: int = 0) -> Task:
        params = {"wait": wait} if wait else {}
        call = Call("GET", f"tasks/{id_of(task)}/", params=params, extra_time=wait)
        return self.bound(self._transport.json(call))


def id_of(task: int | Task) -> int:
    return task if isinstance(task, int) else task.id
