"""The end of a batch, which the transaction that ends its last task records.

A transaction that ends a task locks the batch, and then looks for unfinished tasks. Of two tasks
that end at the same moment, the second waits for the first and sees it, so the event
`batch.finished` is recorded once for each run of the batch. A retried task reopens its batch. The
lock stands last in the order of locks.
"""

from __future__ import annotations

from django.db.models import Count, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Now

from image_processor.jobs.model import UNFINISHED, Status
from image_processor.models import Batch, TransformationTask
from outbox import events


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
        open_batch = Batch.objects.filter(pk=batch_id, finished_at=None)
        batch = open_batch.select_for_update(no_key=True).first()
        unfinished = TransformationTask.objects.filter(batch=batch_id, status__in=UNFINISHED)
        if batch is not None and not unfinished.exists():
            open_batch.update(finished_at=Now(), updated_at=Now(), runs=F("runs") + 1)
            _record_end(batch)


def reopen(*batch_ids: int | None) -> None:
    """Mark the batches as unfinished.

    Call it in the transaction that gave a task of each batch new attempts.
    """
    for batch_id in sorted({pk for pk in batch_ids if pk is not None}):
        # Update open batches, too: a task that ends at this moment may be about to end the batch.
        Batch.objects.filter(pk=batch_id).update(finished_at=None, updated_at=Now())


def _record_end(batch: Batch) -> None:
    ended = with_counts(Batch.objects.filter(pk=batch.pk)).get().counts
    events.record(
        "batch.finished",
        batch.owner_id,
        batch=batch.pk,
        run=batch.runs + 1,
        total=sum(ended.values()),
        succeeded=ended[Status.SUCCESS],
        failed=ended[Status.FAILED],
        cancelled=ended[Status.CANCELLED],
    )
