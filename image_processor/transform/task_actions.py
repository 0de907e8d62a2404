"""Tasks after submission: cancel, retry, delete."""

from __future__ import annotations

from django.db import transaction

from image_processor.jobs import transitions, wakeups
from image_processor.jobs.model import UNFINISHED, Status
from image_processor.library import batch_ends, selectors, stored_objects
from image_processor.library.accounting import quotas
from image_processor.library.locks import share_image, share_images
from image_processor.models import TransformationTask, TransformedImage
from outbox import events
from utils import audit
from utils.errors import DomainError
from utils.versions import ExpectedVersion, NotFound, lock_version

MAX_RETRIED = 1000
RETRIED = (Status.FAILED, Status.CANCELLED)


class TaskStateConflict(DomainError):
    code = "task_state_conflict"
    status = 409
    title = "Not possible in this task state"


def cancel(task: TransformationTask) -> None:
    """Cancel a task: a pending one at once, while a running one stops at its next step.

    Raises `TaskStateConflict`, `NotFound`, `ImageGone`.
    """
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        if not transitions.cancel(TransformationTask.objects.filter(pk=task.pk)):
            raise _conflict(task, "cancelled", "PENDING or IN_PROGRESS")
        events.record("task.cancelled", task.owner_id, task=task.pk)
        batch_ends.settle(task.batch_id)


def cancel_unfinished(owner_id: int, batch_id: int) -> int:
    """Cancel the unfinished tasks of a batch; return how many. A fixed number of queries."""
    with transaction.atomic():
        rows = TransformationTask.objects.filter(owner_id=owner_id, batch_id=batch_id)
        unfinished = rows.filter(status__in=UNFINISHED)
        share_images(unfinished.values_list("original_image_id", flat=True), owner_id)
        # Locked in one order before they change; the events need their ids.
        locked = unfinished.order_by("pk").select_for_update().values_list("pk", flat=True)
        stopped = list(locked)
        transitions.cancel(TransformationTask.objects.filter(pk__in=stopped))
        events.record_all("task.cancelled", owner_id, [{"task": pk} for pk in stopped])
        batch_ends.settle(batch_id)
    return len(stopped)


def retry(task: TransformationTask) -> None:
    """Give a failed or cancelled task new attempts.

    Raises `TaskStateConflict`, `NotFound`, `QuotaExceeded`, `ImageGone`.
    """
    if task.status not in RETRIED:
        raise _conflict(task, "retried", "FAILED or CANCELLED")
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        locked = TransformationTask.objects.filter(pk=task.pk).select_for_update(no_key=True)
        if locked.first() is None:
            raise NotFound("There is no such object.")
        quotas.admit_retry(task.owner_id)
        if not transitions.retry(task):
            raise _conflict(task, "retried", "FAILED or CANCELLED")
        batch_ends.reopen(task.batch_id)
        wakeups.wake_on_commit(task.queue)


def retry_failed(owner_id: int, *, batch_id: int | None = None) -> tuple[int, bool]:
    """Give an owner's failed tasks, or those of a batch, new attempts, oldest first.

    Retries at most `MAX_RETRIED` tasks, or none. Returns their number, and whether there are more.
    A fixed number of queries. Raises `QuotaExceeded` if the quota has no room for all of them.
    """
    failed = selectors.present_tasks(owner_id).filter(status=Status.FAILED)
    if batch_id is not None:
        failed = failed.filter(batch_id=batch_id)
    with transaction.atomic():
        found = list(failed.order_by("created_at", "pk")[: MAX_RETRIED + 1])
        more = len(found) > MAX_RETRIED
        there = share_images([task.original_image_id for task in found], owner_id)
        ids = [task.pk for task in found[:MAX_RETRIED] if task.original_image_id in there]
        rows = list(failed.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))
        if not rows:
            return 0, more
        quotas.admit_retry(owner_id, len(rows))
        retried = transitions.retry_all(rows)
        batch_ends.reopen(*(task.batch_id for task in rows))
        wakeups.wake_many_on_commit({task.queue for task in rows})
    return retried, more


def delete(task: TransformationTask, *, expected_version: ExpectedVersion | None = None) -> None:
    """Delete a task in any state, with its result.

    Raises `NotFound`, `ImageGone`, `PreconditionFailed`.
    """
    with transaction.atomic():
        share_image(task.original_image_id, task.owner_id)
        # Locked before its result is read: a worker may be publishing the result at this moment.
        locked = lock_version(TransformationTask.objects.filter(pk=task.pk), expected_version)
        result = TransformedImage.objects.filter(transformation_task=locked).first()
        audit.record_on_commit("task_deleted", user_id=locked.owner_id, task=locked.pk)
        locked.delete()
        if result is not None:
            stored_objects.release(
                task.owner_id, [result.stored_object_id], text_bytes=result.text_bytes
            )
        batch_ends.settle(locked.batch_id)


def _conflict(task: TransformationTask, what: str, needed: str) -> DomainError:
    """Return the error of a change that found no task in a fitting state."""
    rows = TransformationTask.objects.filter(pk=task.pk)
    status = rows.values_list("status", flat=True).first()
    if status is None:
        return NotFound("There is no such object.")
    return TaskStateConflict(
        f"The task is {status}; only a task that is {needed} can be {what}.",
        limit=needed,
        actual=status,
    )
