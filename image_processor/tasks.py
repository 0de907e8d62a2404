"""Celery tasks. A wake-up only says that a queue has work; the rows say which."""

from __future__ import annotations

from celery import shared_task

from image_processor import maintenance
from image_processor.jobs import runner
from image_processor.library import removal
from image_processor.transform import preview_worker, size_estimate_worker


@shared_task  # type: ignore[untyped-decorator]
def work(queue: str) -> None:
    """Run fair jobs of a queue for about a second. The message names the time limit."""
    runner.run_round(queue)


@shared_task(acks_late=False)  # type: ignore[untyped-decorator]
def preview(message: str) -> None:
    """Render one preview. If the worker dies nobody repeats it: the client asks again."""
    preview_worker.render(message)


@shared_task(acks_late=False)  # type: ignore[untyped-decorator]
def estimate_size(message: str) -> None:
    """Estimate the size of one file. If the worker dies there is no estimate."""
    size_estimate_worker.estimate(message)


@shared_task(time_limit=300)  # type: ignore[untyped-decorator]
def maintain() -> None:
    """Top up the queues, fail lost jobs, hand out events, remove objects, add up task counts."""
    maintenance.maintain()


@shared_task  # type: ignore[untyped-decorator]
def forget_old() -> None:
    """Delete old events, jobs, direct uploads, counts and shares of idle owners."""
    maintenance.forget_old()


@shared_task(time_limit=300)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Remove the objects of pictures that were just deleted."""
    removal.sweep()


@shared_task(time_limit=60)  # type: ignore[untyped-decorator]
def top_up() -> None:
    """Send the wake-ups for many jobs that were written at once."""
    maintenance.top_up_queues()
