"""The end of a batch, which the transaction that ends its last task records.

A transaction that ends a task locks the batch, and then looks for unfinished tasks. Of two tasks
that end at the same moment, the second waits for the first and sees it, so the event
`batch.finished` is recorded once for each run of the batch. A retried task reopens its batch. The
lock stands last in the order of locks.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Now

from accounts.locks import require_transaction
from image_processor.jobs.model import UNFINISHED, Status
from image_processor.models import Batch, TransformationTask
from outbox import events

# Each task of a batch runs these two when it ends, so they are written for speed.
_LOCK_OPEN = """
SELECT FROM image_processor_batch WHERE id = %s AND finished_at IS NULL FOR NO KEY UPDATE
"""
_UNFINISHED = """
SELECT FROM image_processor_transformationtask WHERE batch_id = %s AND status = ANY(%s) LIMIT 1
"""


def with_counts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """The batches with `counts`: the number of their tasks by status, from an index alone.

    One statement reads batches and counts, so `finished_at` and the counts are consistent.
    """
    tasks = TransformationTask.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    standing = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
    none = Value(dict.fromkeys(standing, 0), JSONField())
    counted = Subquery(tasks.annotate(counts=JSONObject(**standing)).values("counts"))
    # The model declares `counts`, too, for readers and type checkers.
    return batches.annotate(counts=Coalesce(counted, none))  # type: ignore[no-redef]


def settle(*batch_ids: int | None) -> None:
    """End the batches that have no unfinished task left.

    Call it in the transaction that ended or deleted a task of each batch.
    """
    for batch_id in sorted({pk for pk in batch_ids if pk is not None}):
        if _lock_open(batch_id) and not _has_unfinished(batch_id):
            batch = Batch.objects.filter(pk=batch_id)
            batch.update(finished_at=Now(), updated_at=Now(), runs=F("runs") + 1)
            _record_end(batch.get())


def reopen(*batch_ids: int | None) -> None:
    """Mark the batches as unfinished.

    Call it in the transaction that gave a task of each batch new attempts.
    """
    for batch_id in sorted({pk for pk in batch_ids if pk is not None}):
        # Update open batches, too: a task that ends at this moment may be about to end the batch.
        Batch.objects.filter(pk=batch_id).update(finished_at=None, updated_at=Now())


def _lock_open(batch_id: int) -> bool:
    """Lock a batch; return whether it is still open."""
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_OPEN, [batch_id])
        return cursor.fetchone() is not None


def _has_unfinished(batch_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_UNFINISHED, [batch_id, [status.value for status in UNFINISHED]])
        return cursor.fetchone() is not None


def _record_end(batch: Batch) -> None:
    ended = with_counts(Batch.objects.filter(pk=batch.pk)).get().counts
    events.record(
        "batch.finished",
        batch.owner_id,
        batch=batch.pk,
        run=batch.runs,
        total=sum(ended.values()),
        succeeded=ended[Status.SUCCESS],
        failed=ended[Status.FAILED],
        cancelled=ended[Status.CANCELLED],
    )
