"""Celery's entry points for webhooks."""

from __future__ import annotations

import threading

from celery import shared_task

from webhooks import maintenance, sending
from webhooks.occurrences import wake

# So many threads of a worker may wait for other people's servers; the rest is for the service's
# own upkeep. A message too many does nothing, since each that sent something wakes the next.
SLOTS = 4
_free = threading.BoundedSemaphore(SLOTS)


@shared_task
def deliver() -> None:
    """Send the next fair delivery, and have the one after it looked for."""
    if not _free.acquire(blocking=False):
        return
    try:
        sent = sending.send_next()
    finally:
        _free.release()
    if sent:
        wake()


@shared_task
def maintain() -> None:
    """End lost deliveries, and see that those that are due are sent."""
    maintenance.fail_lost()
    maintenance.top_up(SLOTS)


@shared_task
def forget_old() -> None:
    """Remove old deliveries."""
    maintenance.forget_old()
