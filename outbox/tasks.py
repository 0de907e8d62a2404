"""Celery tasks of the outbox."""

from __future__ import annotations

from celery import shared_task

from outbox import events


@shared_task  # type: ignore[untyped-decorator]
def drain() -> None:
    """Hand due events to their handlers."""
    events.drain()
