"""What the scheduler keeps doing; every part is safe to run twice at once."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import transaction

from image_processor import events
from image_processor.jobs import fair, transitions, wakeups
from image_processor.jobs.model import Job
from image_processor.jobs.queues import HEAVY, IMPORT, LIGHT, Queue
from image_processor.models import ImageImport, TransformationTask
from image_processor.services import batch_ends, direct_uploads, fetching, imports, objects
from image_processor.services.locks import ImageGone, share_image

# Who waits in which queue.
WAITING: tuple[tuple[Queue, type[Job]], ...] = (
    (LIGHT, TransformationTask),
    (HEAVY, TransformationTask),
    (IMPORT, ImageImport),
)

log = structlog.get_logger(__name__)


def maintain() -> None:
    """What must happen soon. A part that fails does not keep the others from running."""
    _each(
        fail_lost_tasks,
        fetching.fail_lost,
        fair.raise_floors,
        top_up_queues,
        send_canaries,
        events.drain,
        objects.sweep,
    )


def forget_old() -> None:
    """What keeps tables from growing for ever."""
    _each(events.forget_old, fair.forget_idle, imports.forget_old, direct_uploads.forget_old)


def _each(*parts: Callable[[], object]) -> None:
    for part in parts:
        try:
            part()
        except Exception:
            log.exception("maintenance_failed", part=part.__name__)


def fail_lost_tasks(*, most: int = 500) -> int:
    """End tasks whose every attempt died with its worker; how many."""
    return sum(_fail_lost(task) for task in transitions.lost(TransformationTask)[:most])


def _fail_lost(task: TransformationTask) -> bool:
    try:
        with transaction.atomic():
            share_image(task.original_image_id, task.owner_id)
            failed = transitions.fail_lost(task)
            if failed:
                events.record("task.failed", task.owner_id, task=task.pk, code="worker_lost")
                batch_ends.settle(task.batch_id)
    except ImageGone:
        return False
    return failed


def top_up_queues() -> int:
    """Send the wake-ups that are missing; how many."""
    return sum(wakeups.top_up(model, queue.name) for queue, model in WAITING)


def send_canaries() -> int:
    """See that every queue has something to take, for workers to show that they live; how many."""
    return sum(wakeups.send_canary(queue.name) for queue, _ in WAITING)
