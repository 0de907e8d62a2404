"""What an owner does with a task after it was submitted."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from image_processor import events
from image_processor.jobs import transitions, wakeups
from image_processor.jobs.model import Status
from image_processor.models import TransformationTask, TransformedImage
from image_processor.services import objects, quotas
from image_processor.services.locks import share_image
from utils.errors import DomainError

RETRIED = (Status.FAILED, Status.CANCELLED)


class TaskStateConflict(DomainError):
    code = "task_state_conflict"
    status = 409
    title = "The task is in a state that does not allow it"


def cancel(task: TransformationTask) -> None:
    """Stop a pending task at once, a running one at its next step."""
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        if not transitions.cancel(TransformationTask.objects.filter(pk=task.pk)):
            raise _conflict(task, "cancelled", "PENDING or IN_PROGRESS")
        events.record("task.cancelled", task.owner_id, task=task.pk)


def retry(task: TransformationTask) -> None:
    """Give a failed or cancelled task new attempts. Raises `QuotaExceeded` too."""
    if task.status not in RETRIED:
        raise _conflict(task, "retried", "FAILED or CANCELLED")
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        quotas.admit_retry(task.owner_id)
        if not transitions.retry(task):
            raise _conflict(task, "retried", "FAILED or CANCELLED")
        wakeups.wake_on_commit(task.queue)


def delete(
    task: TransformationTask, *, check: Callable[[TransformationTask], None] | None = None
) -> bool:
    """Remove a task, whatever its state, and its result; whether it was there.

    `check` may refuse, by raising, the version of it that is about to go.
    """
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        # Locked before the look at its result: a worker may be publishing it at this moment.
        locked = TransformationTask.objects.select_for_update().filter(pk=task.pk).first()
        if locked is None:
            return False
        if check:
            check(locked)
        results = TransformedImage.objects.filter(transformation_task=locked)
        stored = list(results.values_list("stored_object_id", flat=True))
        locked.delete()
        objects.release(stored)
    return True


def _conflict(task: TransformationTask, what: str, needed: str) -> TaskStateConflict:
    task.refresh_from_db(fields=["status"])
    return TaskStateConflict(
        f"The task is {task.status}; only one that is {needed} can be {what}.",
        limit=needed,
        actual=task.status,
    )
