"""`client.tasks`: the tasks that transform images."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from image_processing_client import pages
from image_processing_client.errors import TaskFailed, WaitTimedOut
from image_processing_client.records import Task
from image_processing_client.transport import Call, Transport

MAX_WAIT = 20  # seconds per request; proxies close connections that are silent for longer
PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds, when the service answers without waiting


class Tasks:
    """List, get, await, cancel, retry and delete tasks."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, status: str | None = None, original_image: int | None = None
    ) -> Iterator[Task]:
        """Iterate over the tasks, newest first, optionally by status and by image."""
        filters = {"status": status, "original_image": original_image}
        params = {name: value for name, value in filters.items() if value is not None}
        return (Task.from_answer(row) for row in pages.items(self._transport, "tasks/", params))

    def get(self, task: int | Task) -> Task:
        return self._get(task)

    def wait(self, task: int | Task, *, timeout: float = 300, check: bool = True) -> Task:
        """Wait until the task has ended and return it.

        Each request waits at the service until the task has ended or some seconds have passed.
        Raises `WaitTimedOut` after `timeout` seconds, and `TaskFailed` unless `check` is False.
        """
        end = time.monotonic() + timeout
        for attempt in range(2**31):
            wait = max(0, min(MAX_WAIT, int(end - time.monotonic())))
            start = time.monotonic()
            latest = self._get(task, wait=wait)
            if latest.is_finished:
                break
            if time.monotonic() >= end:
                raise WaitTimedOut(latest, timeout)
            if time.monotonic() - start < wait or wait == 0:
                # The service has too many waiting requests, or less than a second is left.
                pause = PAUSES[min(attempt, len(PAUSES) - 1)]
                time.sleep(max(0.0, min(pause, end - time.monotonic())))
        if check and latest.status != "SUCCESS":
            raise TaskFailed(latest)
        return latest

    def cancel(self, task: int | Task) -> Task:
        """Cancel the task. Raises `Conflict` when it has already ended."""
        return self._act(task, "cancel")

    def retry(self, task: int | Task) -> Task:
        """Run a failed or cancelled task again. Raises `Conflict` for other tasks."""
        return self._act(task, "retry")

    def delete(self, task: int | Task) -> None:
        """Delete the task with its result."""
        self._transport.json(Call("DELETE", f"tasks/{id_of(task)}/"))

    def from_answer(self, data: Any) -> Task:
        """Build a task that has a `wait` method from an answer of the service."""
        return Task.from_answer(data, tasks=self)

    def _act(self, task: int | Task, action: str) -> Task:
        call = Call("POST", f"tasks/{id_of(task)}/{action}/", repeatable=False)
        return self.from_answer(self._transport.json(call))

    def _get(self, task: int | Task, wait: int = 0) -> Task:
        params = {"wait": wait} if wait else {}
        call = Call("GET", f"tasks/{id_of(task)}/", params=params, extra_seconds=wait)
        return self.from_answer(self._transport.json(call))


def id_of(task: int | Task) -> int:
    return task if isinstance(task, int) else task.id
