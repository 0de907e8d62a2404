"""When a batch has ended: with its last task, in the same transaction.

Whoever ends a task of a batch takes the batch's lock, and then looks for others that have not
ended. Of two that end at the same moment the second waits for the first, and sees it; so the
event `batch.finished` is recorded once for each time that all of a batch has ended. A task that
is tried again opens its batch again. The lock stands last in the order of locks.
"""

from __future__ import annotations

from django.db.models import Count, F, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Now

from image_processor.jobs.model import UNFINISHED, Status
from image_processor.models import Batch, TransformationTask
from outbox import events


def with_counts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """The batches with `counts`, how many tasks of each stand where, from an index alone.

    In the statement that reads the batches: `finished_at` and the counts are of one moment.
    """
    tasks = TransformationTask.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    standing = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
    none = Value(dict.fromkeys(standing, 0), JSONField())
    counted = Subquery(tasks.annotate(counts=JSONObject(**standing)).values("counts"))
    # Declared by the model too, for those who read it.
    return batches.annotate(counts=Coalesce(counted, none))  # type: ignore[no-redef]


def settle(*batch_ids: int | None) -> None:
    """End those of the batches that have no unfinished task left.

    Belongs into the transaction that ended, or deleted, a task of each.
    """
    for batch_id in sorted({pk for pk in batch_ids if pk is not None}):
        open_batch = Batch.objects.filter(pk=batch_id, finished_at=None)
        batch = open_batch.select_for_update(no_key=True).first()
        unfinished = TransformationTask.objects.filter(batch=batch_id, status__in=UNFINISHED)
        if batch is not None and not unfinished.exists():
            open_batch.update(finished_at=Now(), updated_at=Now(), runs=F("runs") + 1)
            _tell(batch)


def reopen(*batch_ids: int | None) -> None:
    """Note that the batches are not at their end any more.

    Belongs into the transaction that gave a task of each new attempts.
    """
    for batch_id in sorted({pk for pk in batch_ids if pk is not None}):
        # Also one that is open: it may be about to be ended by a task that ends at this moment.
        Batch.objects.filter(pk=batch_id).update(finished_at=None, updated_at=Now())


def _tell(batch: Batch) -> None:
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
