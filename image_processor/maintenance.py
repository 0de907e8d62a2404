"""What the scheduler keeps doing; every part is safe to run twice at once."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from image_processor.ingest import direct_uploads, imports
from image_processor.job_types import KINDS
from image_processor.jobs import fair, transitions, wakeups
from image_processor.jobs.queues import INTERACTIVE
from image_processor.library import derivations, objects
from outbox import events

log = structlog.get_logger(__name__)


def maintain() -> None:
    """What must happen soon. A part that fails does not keep the others from running."""
    _each(
        fail_lost_jobs,
        fair.raise_floors,
        derivations.ask_for_missing,
        top_up_queues,
        send_canaries,
        events.drain,
        objects.sweep,
    )


def forget_old() -> None:
    """What keeps tables from growing for ever."""
    _each(
        events.forget_old,
        derivations.forget_old,
        fair.forget_idle,
        imports.forget_old,
        direct_uploads.forget_old,
    )


def _each(*parts: Callable[[], object]) -> None:
    for part in parts:
        try:
            part()
        except Exception:
            log.exception("maintenance_failed", part=part.__name__)


def fail_lost_jobs(*, most: int = 500) -> int:
    """End jobs of every kind whose every attempt died with its worker; how many."""
    return sum(kind.fail_lost(job) for kind in KINDS for job in transitions.lost(kind.model)[:most])


def top_up_queues() -> int:
    """Send the wake-ups that are missing; how many."""
    return sum(wakeups.top_up(kind.model, queue) for kind in KINDS for queue in kind.queues)


def send_canaries() -> int:
    """See that every queue has something to take, for workers to show that they live; how many."""
    queues = [queue for kind in KINDS for queue in kind.queues]
    return sum(wakeups.send_canary(queue) for queue in (*queues, INTERACTIVE.name))
