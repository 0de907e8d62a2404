"""The scheduler's chores. Each is safe to run twice at once."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from image_processor.ingest import direct_uploads
from image_processor.jobs import fair_order, runner, wakeups
from image_processor.jobs.queues import INTERACTIVE
from image_processor.jobs.registry import all_job_types
from image_processor.library import removal
from image_processor.library.accounting import task_counts
from outbox import events

log = structlog.get_logger(__name__)


def maintain() -> None:
    """Run the chores that are due every few seconds. One that fails does not stop the others."""
    _run_each(
        fail_lost_jobs,
        fair_order.raise_floors,
        collect_jobs,
        top_up_queues,
        send_canaries,
        events.drain,
        removal.sweep,
        task_counts.fold,
    )


def forget_old() -> None:
    """Delete rows that would otherwise make their tables grow for ever."""
    _run_each(
        events.forget_old,
        fair_order.forget_idle,
        direct_uploads.forget_old,
        task_counts.forget_old,
        *(job_type.forget_old for job_type in all_job_types()),
    )


def _run_each(*chores: Callable[[], object]) -> None:
    for chore in chores:
        try:
            chore()
        except Exception:
            log.exception("maintenance_failed", chore=chore.__qualname__)


def fail_lost_jobs() -> int:
    """Fail the jobs of every type whose worker died in every attempt; return how many."""
    return sum(runner.fail_lost_jobs(job_type) for job_type in all_job_types())


def collect_jobs() -> None:
    """Write the rows of jobs that are only marked as needed."""
    for job_type in all_job_types():
        job_type.collect()


def top_up_queues() -> int:
    """Send the wake-ups that are missing; return how many."""
    return sum(
        wakeups.top_up(job_type.model, queue.name)
        for job_type in all_job_types()
        for queue in job_type.queues
    )


def send_canaries() -> int:
    """Give every idle worker a message that shows that the worker lives; return how many."""
    queues = [queue for job_type in all_job_types() for queue in job_type.queues]
    own = [queue for queue in (*queues, INTERACTIVE) if not queue.carrier]
    return sum(wakeups.send_canary(queue) for queue in own)
