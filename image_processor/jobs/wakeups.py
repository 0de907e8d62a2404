"""Wake-up messages: "this queue has work". A message names no job, so a lost one loses nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now

from image_processor.jobs.model import Job
from image_processor.jobs.queues import QUEUES, Queue
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


def wake(name: str) -> None:
    """Send one wake-up now. A failure is only logged, since the scheduler tops the queues up."""
    queue = QUEUES[name]
    messages.send(WORK, queue.broker_queue, args=[name], **queue.time_limits)


def top_up(model: type[Job], name: str) -> int:
    """Make the queue hold as many messages as there is runnable work, up to its cap.

    Safe to run twice at once: a superfluous message finds nothing to claim. Returns how many were
    sent; raises what the broker raises.
    """
    queue = QUEUES[name]
    runnable = _count_runnable(model, queue)
    missing = max(0, runnable - _count_waiting(queue)) if runnable else 0
    if missing:
        messages.publish_many(missing, WORK, queue.broker_queue, args=[name], **queue.time_limits)
    return missing


def send_canary(queue: Queue) -> bool:
    """Send a wake-up if none waits, whether or not there is work; return whether it was sent.

    An idle worker must take it (`image_processing_service.watch.waiting_messages`).
    """
    if messages.count_waiting(queue.name):
        return False
    messages.publish(WORK, queue.name, args=[queue.name], **queue.time_limits)
    return True


def _count_runnable(model: type[Job], queue: Queue) -> int:
    rows = model._default_manager.filter(queue=queue.name, available_at__lte=Now())
    return len(rows.values_list("pk")[: queue.wakeups])


def _count_waiting(queue: Queue) -> int:
    """Count the wake-ups that wait; 0 if the queue's carrier also has other messages."""
    return 0 if queue.carrier else messages.count_waiting(queue.name)
