"""What an owner may use: bytes stored, tasks in a month, tasks at the same time.

Counted first and looked at afterwards: a count locks the owner's `Usage` row until the
transaction ends, so those who come at once follow each other, and a refusal undoes its own count
with everything else that the transaction wrote. In the order of locks (`services.locks`) the row
stands after the object and before the task.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Sum

from image_processor import conf
from image_processor.conf import QuotaLimits
from image_processor.models import StoredObject, TransformationTask
from utils.errors import DomainError


class QuotaExceeded(DomainError):
    code = "quota_exceeded"
    status = 403
    title = "A quota of yours is used up"

    def __init__(self, quota: str, detail: str, *, limit: int, actual: int) -> None:
        super().__init__(detail, limit=limit, actual=actual, members={"quota": quota})


class Standing(NamedTuple):
    """What an owner uses of what; `month` is the first day (UTC) of the present one."""

    bytes_stored: int
    tasks_this_month: int
    month: date
    limits: QuotaLimits


_MONTH = "date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date"
_OVERRIDES = "quota.storage_mb, quota.tasks_per_month, quota.concurrent_tasks"
# The month never goes back: of two that count at its very end, the earlier may come second.
_COUNT = f"""
WITH counted AS (
    INSERT INTO image_processor_usage AS usage (owner_id, month, tasks, bytes_stored)
    VALUES (%(owner)s, {_MONTH}, %(tasks)s, %(bytes)s)
    ON CONFLICT (owner_id) DO UPDATE SET
        bytes_stored = usage.bytes_stored + excluded.bytes_stored,
        tasks = excluded.tasks
            + CASE WHEN usage.month >= excluded.month THEN usage.tasks ELSE 0 END,
        month = greatest(usage.month, excluded.month)
    RETURNING owner_id, bytes_stored, tasks, month
)
SELECT bytes_stored, tasks, month, {_OVERRIDES}
FROM counted LEFT JOIN image_processor_quota AS quota USING (owner_id)
"""  # noqa: S608 - nothing but our own words
_READ = f"""
SELECT coalesce(usage.bytes_stored, 0),
    CASE WHEN usage.month >= now.month THEN usage.tasks ELSE 0 END,
    greatest(usage.month, now.month), {_OVERRIDES}
FROM (SELECT %(owner)s::bigint AS owner_id, {_MONTH} AS month) AS now
LEFT JOIN image_processor_usage AS usage USING (owner_id)
LEFT JOIN image_processor_quota AS quota USING (owner_id)
"""  # noqa: S608


def standing(owner_id: int) -> Standing:
    """Where an owner stands, without the unfinished tasks. One query; locks nothing."""
    return _ask(_READ, owner_id)


def unfinished(owner_id: int, *, most: int | None = None) -> int:
    """How many tasks of an owner wait or run; counts no further than `most`. One query."""
    tasks = TransformationTask.objects.filter(owner_id=owner_id, available_at__isnull=False)
    return tasks[:most].count()


def admit_task(owner_id: int, *, runs: bool) -> None:
    """Count a new task; see `admit_tasks`."""
    admit_tasks(owner_id, 1, running=int(runs))


def admit_tasks(owner_id: int, count: int, *, running: int) -> None:
    """Count new tasks, all of them or none; `running` of them have work to do.

    At most two queries, however many they are. Every submitted task counts for its month, also
    one that is finished at once and one that is deleted later. Raises `QuotaExceeded`.
    """
    now = _count(owner_id, tasks=count)
    _require_tasks(now, now.tasks_this_month)
    if running:
        _require_places(owner_id, now, running)


def require_task(owner_id: int, *, runs: bool) -> None:
    """Raise `QuotaExceeded` unless `admit_task` would let one in at this moment."""
    now = standing(owner_id)
    _require_tasks(now, now.tasks_this_month + 1)
    if runs:
        _require_places(owner_id, now, 1)


def admit_retry(owner_id: int, count: int = 1) -> None:
    """Let tasks run anew: they count as concurrent, but not once more for a month.

    At most two queries. Raises `QuotaExceeded`.
    """
    _require_places(owner_id, _count(owner_id), count)


def require_room(owner_id: int, size: int) -> None:
    """Raise `QuotaExceeded` unless there is room for so many bytes at this moment."""
    now = standing(owner_id)
    _require_bytes(now, now.bytes_stored + size)


def add_bytes(owner_id: int, size: int, *, within_quota: bool = False) -> None:
    """Count an object that was made, or with a size below 0 one that is gone. One query.

    Results are counted whether or not there is room: who was let in gets the result. With
    `within_quota` it raises `QuotaExceeded`.
    """
    now = _count(owner_id, size=size)
    if within_quota:
        _require_bytes(now, now.bytes_stored)


def recount(owner_id: int, *, repair: bool = False) -> tuple[int, int]:
    """(bytes counted, bytes stored) of an owner; `repair` sets the counter to the latter.

    Exact also while others upload and delete: whoever counts waits for the row.
    """
    with transaction.atomic():
        counted = _count(owner_id).bytes_stored
        objects = StoredObject.objects.filter(owner_id=owner_id, derived=False)
        stored = objects.aggregate(sum=Sum("size_bytes"))["sum"] or 0
        if repair and counted != stored:
            _count(owner_id, size=stored - counted)
    return counted, stored


def _require_tasks(now: Standing, would_be: int) -> None:
    limit = now.limits.tasks_this_month
    if limit is not None and would_be > limit:
        raise QuotaExceeded(
            "tasks_this_month",
            f"This would be task {would_be} of this month; {limit} are allowed.",
            limit=limit,
            actual=would_be,
        )


def _require_bytes(now: Standing, would_be: int) -> None:
    limit = now.limits.bytes_stored
    if limit is not None and would_be > limit:
        raise QuotaExceeded(
            "bytes_stored",
            f"You would have {would_be} bytes stored; {limit} are allowed. Delete something first.",
            limit=limit,
            actual=would_be,
        )


def _require_places(owner_id: int, now: Standing, count: int) -> None:
    """Room for so many more unfinished tasks, and for at least a little of their results."""
    limit = now.limits.bytes_stored
    if limit is not None and now.bytes_stored >= limit:
        raise QuotaExceeded(
            "bytes_stored",
            f"You have {now.bytes_stored} of {limit} bytes stored: there is no room for a result.",
            limit=limit,
            actual=now.bytes_stored,
        )
    limit = now.limits.concurrent_tasks
    if limit is None:
        return
    have = unfinished(owner_id, most=limit)
    if have + count > limit:
        raise QuotaExceeded(
            "concurrent_tasks",
            f"You have {have} unfinished tasks and would have {have + count}; {limit} are "
            "allowed. Wait for some to end.",
            limit=limit,
            actual=have + count,
        )


def _count(owner_id: int, *, tasks: int = 0, size: int = 0) -> Standing:
    """Add to an owner's counters, and keep them until the transaction ends."""
    return _ask(_COUNT, owner_id, tasks=tasks, bytes=size)


def _ask(statement: str, owner_id: int, **values: int) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"owner": owner_id, **values})
        size, tasks, month, *overrides = cursor.fetchone()
    return Standing(size, tasks, month, conf.quota_limits(*overrides))
