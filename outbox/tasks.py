"""Celery tasks of the outbox."""

from __future__ import annotations

from celery import shared_task

from outbox import events


@shared_task(time_limit=300)  # type: ignore[untyped-decorator]
def drain() -> None:
    """Call the handlers of due events."""
    events.gather()
    events.drain()
