"""Wake-up messages: "this queue has work". A message names no job, so a lost one loses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from image_processor.jobs.model import Job
from image_processor.jobs.queues import INTERACTIVE, QUEUES
from utils import messages

WORK = "image_processor.tasks.work"


def wake_on_commit(queue: str) -> None:
    """Send one wake-up once the current transaction is committed."""
    transaction.on_commit(lambda: wake(queue))


def wake_many_on_commit(queues: Iterable[str]) -> None:
    """Fill each queue with wake-ups once the current transaction is committed.

    One message per queue starts the work. One more makes the scheduler's worker send the rest, so
    that the request does not wait until hundreds of messages are sent.
    """
    names = sorted(queues)

    def send_all() -> None:
        for queue in names:
            wake(queue)
        if names:
            messages.send("image_processor.tasks.top_up", "system")

    transaction.on_commit(send_all)


def wake(queue: str) -> None:
    """Send one wake-up now. A failure is only logged, since the scheduler tops the queues up."""
    messages.send(WORK, queue, args=[queue], **time_limits(queue))


def top_up(model: type[Job], queue: str) -> int:
    """Make the queue hold as many messages as there is runnable work, up to its cap.

    Safe to run twice at once: a message too many finds nothing to claim. Returns how many were
    sent; raises what the broker raises.
    """
    runnable = _count_runnable(model, queue, QUEUES[queue].wakeups)
    missing = max(0, runnable - messages.count_waiting(queue)) if runnable else 0
    if missing:
        messages.publish_many(missing, WORK, queue, args=[queue], **time_limits(queue))
    return missing


def send_canary(queue: str) -> bool:
    """Send a wake-up if none waits, whether or not there is work; return whether it was sent.

    An idle worker that takes it shows that it lives (`image_processing_service.pulse`).
    """
    if messages.count_waiting(queue):
        return False
    messages.publish(WORK, queue, args=[queue], **time_limits(queue))
    return True


def time_limits(queue: str) -> dict[str, Any]:
    """Celery's options that end a job of this queue."""
    limits = INTERACTIVE if queue == INTERACTIVE.name else QUEUES.get(queue)
    if limits is None:
        return {}
    return {"soft_time_limit": limits.soft_limit, "time_limit": limits.hard_limit}


def _count_runnable(model: type[Job], queue: str, cap: int) -> int:
    rows = model._default_manager.filter(queue=queue, available_at__lte=Now())
    return len(rows.values_list("pk")[:cap])
