"""Send mails like a worker: take messages from the real broker and run their tasks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from celery import current_app
from django.core import mail

import accounts.tasks  # noqa: F401 - makes its tasks known
from outbox import events


def messages() -> Iterator[tuple[str, list[Any]]]:
    """Yield (task, arguments) of each message in the queue of the system's own work."""
    with (
        current_app.connection_for_read() as connection,
        closing(connection.SimpleQueue("system")) as queue,
    ):
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                return
            message.ack()
            arguments, *_ = message.decode()
            yield message.headers["task"], arguments


def delivered() -> list[Any]:
    """Run the waiting tasks, drain the outbox, and return every mail that was sent so far."""
    for task, arguments in messages():
        if task.startswith("accounts."):
            current_app.tasks[task](*arguments)
    events.drain()
    sent: list[Any] = mail.outbox
    return sent
