"""What an owner uses of the quotas: counters of bytes, images and tasks, and unfinished tasks.

Adding to the counters locks the owner's `Usage` row until the transaction ends. In the order of
locks (`library.locks`) the row stands after the stored object and before the task.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Sum

from image_processor import configured_limits
from image_processor.configured_limits import QuotaLimits
from image_processor.models import SourceImage, StoredObject, TransformedImage


class CurrentUsage(NamedTuple):
    """An owner's counters and limits; `month` is the first day (UTC) of the present month."""

    bytes_stored: int
    images: int
    tasks_this_month: int
    month: date
    limits: QuotaLimits


class Stored(NamedTuple):
    """The bytes and images of an owner, as counters or rows say."""

    bytes_stored: int
    images: int


_MONTH = "date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date"
_OVERRIDES = "quota.storage_mb, quota.tasks_per_month, quota.concurrent_tasks, quota.images"
# The month never goes back: of two additions around its end, the earlier may come second.
_ADD = f"""
WITH counted AS (
    INSERT INTO image_processor_usage AS usage (owner_id, month, tasks, bytes_stored, images)
    VALUES (%(owner)s, {_MONTH}, %(tasks)s, %(bytes)s, %(images)s)
    ON CONFLICT (owner_id) DO UPDATE SET
        bytes_stored = usage.bytes_stored + excluded.bytes_stored,
        images = usage.images + excluded.images,
        tasks = excluded.tasks
            + CASE WHEN usage.month >= excluded.month THEN usage.tasks ELSE 0 END,
        month = greatest(usage.month, excluded.month)
    RETURNING owner_id, bytes_stored, images, tasks, month
)
SELECT counted.bytes_stored, counted.images, tasks, month, {_OVERRIDES}
FROM counted LEFT JOIN image_processor_quota AS quota USING (owner_id)
"""  # noqa: S608 - only our own constants
_READ = f"""
SELECT coalesce(usage.bytes_stored, 0), coalesce(usage.images, 0),
    CASE WHEN usage.month >= now.month THEN usage.tasks ELSE 0 END,
    greatest(usage.month, now.month), {_OVERRIDES}
FROM (SELECT %(owner)s::bigint AS owner_id, {_MONTH} AS month) AS now
LEFT JOIN image_processor_usage AS usage USING (owner_id)
LEFT JOIN image_processor_quota AS quota USING (owner_id)
"""  # noqa: S608
# A limit of NULL is none.
_UNFINISHED = """
SELECT count(*) FROM (
    SELECT FROM image_processor_transformationtask
    WHERE owner_id = %s AND available_at IS NOT NULL LIMIT %s
) AS unfinished
"""


def read(owner_id: int) -> CurrentUsage:
    """Read an owner's counters and limits. One query; locks nothing."""
    return _execute(_READ, owner_id)


def add(owner_id: int, *, tasks: int = 0, size: int = 0, images: int = 0) -> CurrentUsage:
    """Add tasks, bytes and images to an owner's counters, and return the sums. One query."""
    return _execute(_ADD, owner_id, tasks=tasks, bytes=size, images=images)


def count_unfinished_tasks(owner_id: int, *, most: int | None = None) -> int:
    """Count an owner's unfinished tasks, up to `most`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_UNFINISHED, (owner_id, most))
        (count,) = cursor.fetchone()
    return int(count)


def describe(owner_id: int) -> dict[str, Any]:
    """Return an owner's quotas by name, with limit and usage of each. Two queries."""
    current = read(owner_id)
    used = (
        current.bytes_stored,
        current.tasks_this_month,
        count_unfinished_tasks(owner_id),
        current.images,
    )
    quotas: dict[str, Any] = {
        name: {"used": amount, "limit": limit}
        for name, amount, limit in zip(current.limits._fields, used, current.limits, strict=True)
    }
    next_month = (current.month + timedelta(days=31)).replace(day=1)
    quotas["tasks_this_month"]["resets_at"] = datetime(
        next_month.year, next_month.month, 1, tzinfo=UTC
    )
    return quotas


def recount(owner_id: int, *, repair: bool = False) -> tuple[Stored, Stored]:
    """Return what is counted of an owner and what is stored; `repair` corrects the counters.

    Exact even during uploads, changes and deletions, because they wait for the `Usage` row.
    """
    with transaction.atomic():
        current = add(owner_id)
        counted = Stored(current.bytes_stored, current.images)
        stored = _read_stored(owner_id)
        if repair and counted != stored:
            add(
                owner_id,
                size=stored.bytes_stored - counted.bytes_stored,
                images=stored.images - counted.images,
            )
    return counted, stored


def _read_stored(owner_id: int) -> Stored:
    objects = StoredObject.objects.filter(owner_id=owner_id, derived=False)
    images = SourceImage.objects.filter(owner_id=owner_id)
    results = TransformedImage.objects.filter(owner_id=owner_id)
    of_images = images.aggregate(count=Count("pk"), sum=Sum("text_bytes", default=0))
    size = objects.aggregate(sum=Sum("size_bytes", default=0))["sum"]
    of_results = results.aggregate(sum=Sum("text_bytes", default=0))["sum"]
    return Stored(size + of_images["sum"] + of_results, of_images["count"])


def _execute(statement: str, owner_id: int, **values: int) -> CurrentUsage:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"owner": owner_id, **values})
        size, images, tasks, month, *overrides = cursor.fetchone()
    return CurrentUsage(size, images, tasks, month, configured_limits.quota_limits(*overrides))
