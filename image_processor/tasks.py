"""Celery's entry points. Each says only that there is something to do; the rows know what."""

from __future__ import annotations

from celery import shared_task

from image_processor import maintenance
from image_processor.engine import ENGINE_RELEASE
from image_processor.job_types import kind_of
from image_processor.jobs import wakeups
from image_processor.jobs.claim import claim
from image_processor.transform import previews


@shared_task  # type: ignore[untyped-decorator]
def work(queue: str) -> None:
    """Do the next fair job of a queue, if there is one."""
    kind = kind_of(queue)
    if kind is None:
        return  # a canary for a queue whose work is in its messages
    kind.collect()
    job = claim(kind.model, queue, release=ENGINE_RELEASE)
    if job is not None:
        if getattr(job, "batch_id", None) is not None:
            # One more: a batch has more tasks than the top-up sends messages at a time.
            wakeups.wake(queue)
        kind.run(job)


@shared_task(acks_late=False)  # type: ignore[untyped-decorator]
def preview(message: str) -> None:
    """Make one preview. If its worker dies nobody makes it again: whoever waits asks anew."""
    previews.make(message)


@shared_task  # type: ignore[untyped-decorator]
def maintain() -> None:
    """Top up the queues, end lost jobs, hand out events, remove what is unclaimed."""
    maintenance.maintain()


@shared_task  # type: ignore[untyped-decorator]
def forget_old() -> None:
    """Remove old events, imports and forms, and shares that say nothing any more."""
    maintenance.forget_old()


@shared_task  # type: ignore[untyped-decorator]
def top_up() -> None:
    """Send the wake-ups for much work that came at once."""
    maintenance.top_up_queues()
