"""What an owner does with a task after it was submitted."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from image_processor.jobs import transitions, wakeups
from image_processor.jobs.model import UNFINISHED, Status
from image_processor.library import batch_ends, objects, quotas
from image_processor.library.locks import share_image, share_images
from image_processor.models import TransformationTask, TransformedImage
from outbox import events
from utils import audit
from utils.errors import DomainError

MOST_RETRIED = 1000
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
        batch_ends.settle(task.batch_id)


def cancel_unfinished(owner_id: int, batch_id: int) -> int:
    """Stop what has not ended of a batch; how many tasks. A fixed number of queries."""
    with transaction.atomic():
        rows = TransformationTask.objects.filter(owner_id=owner_id, batch_id=batch_id)
        unfinished = rows.filter(status__in=UNFINISHED)
        share_images(unfinished.values_list("original_image_id", flat=True), owner_id)
        # Locked in one order before they are changed, and known one by one for their events.
        locked = unfinished.order_by("pk").select_for_update().values_list("pk", flat=True)
        stopped = list(locked)
        transitions.cancel(TransformationTask.objects.filter(pk__in=stopped))
        events.record_all("task.cancelled", owner_id, [{"task": pk} for pk in stopped])
        batch_ends.settle(batch_id)
    return len(stopped)


def retry(task: TransformationTask) -> None:
    """Give a failed or cancelled task new attempts. Raises `QuotaExceeded` too."""
    if task.status not in RETRIED:
        raise _conflict(task, "retried", "FAILED or CANCELLED")
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        quotas.admit_retry(task.owner_id)
        if not transitions.retry(task):
            raise _conflict(task, "retried", "FAILED or CANCELLED")
        batch_ends.reopen(task.batch_id)
        wakeups.wake_on_commit(task.queue)


def retry_failed(owner_id: int, *, batch_id: int | None = None) -> tuple[int, bool]:
    """Give an owner's failed tasks, or those of a batch, new attempts, oldest first.

    (How many, whether there are more): at most `MOST_RETRIED` at a time, in a number of queries
    that does not grow with them. Raises `QuotaExceeded` when they do not all fit.
    """
    failed = TransformationTask.objects.filter(owner_id=owner_id, status=Status.FAILED)
    if batch_id is not None:
        failed = failed.filter(batch_id=batch_id)
    with transaction.atomic():
        found = list(failed.order_by("pk")[: MOST_RETRIED + 1])
        more = len(found) > MOST_RETRIED
        there = share_images([task.original_image_id for task in found], owner_id)
        rows = [task for task in found[:MOST_RETRIED] if task.original_image_id in there]
        if not rows:
            return 0, False
        quotas.admit_retry(owner_id, len(rows))
        retried = transitions.retry_all(rows)
        batch_ends.reopen(*(task.batch_id for task in rows))
        wakeups.wake_many_on_commit({task.queue for task in rows})
    return retried, more


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
        audit.record_on_commit("task_deleted", user_id=locked.owner_id, task=locked.pk)
        locked.delete()
        objects.release(stored)
        batch_ends.settle(locked.batch_id)
    return True


def _conflict(task: TransformationTask, what: str, needed: str) -> TaskStateConflict:
    task.refresh_from_db(fields=["status"])
    return TaskStateConflict(
        f"The task is {task.status}; only one that is {needed} can be {what}.",
        limit=needed,
        actual=task.status,
    )
