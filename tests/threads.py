"""Threads that run beside a test."""

from __future__ import annotations

import threading

from tests.scripts.processes import DEADLINE


def await_waiters() -> None:
    """Wait until no `Waiter` polls the database: a poll after the test's end would be an error."""
    for thread in threading.enumerate():
        if thread.name == "job-waiter":
            await_end(thread)


def await_end(thread: threading.Thread, within: float = DEADLINE) -> None:
    """Wait until the thread has ended; fail, naming it, when that takes too long."""
    thread.join(within)
    assert not thread.is_alive(), f"waited in vain for the end of {thread.name}"
