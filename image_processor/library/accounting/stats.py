"""Statistics of an owner's images and tasks. Their cost is bounded however many rows there are.

Tasks are counted by day over the last `DAYS` days, up to the newest `MOST_COUNTED`. Durations and
operations come from the newest `MOST_MEASURED` tasks. The statistics say whether they are complete.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection

from image_processor.jobs.model import Status
from image_processor.library import selectors
from image_processor.library.accounting import usage

DAYS = 30
MOST_COUNTED = 100_000
MOST_MEASURED = 5_000
MOST_OPERATIONS = 10

# Reads the index transformationtask_created only.
_BY_DAY = """
SELECT (created_at AT TIME ZONE 'UTC')::date AS day, status, count(*)
FROM (
    SELECT created_at, status FROM image_processor_transformationtask
    WHERE owner_id = %s AND created_at >= %s ORDER BY created_at DESC, id DESC LIMIT %s
) AS newest
GROUP BY day, status
"""
_SECONDS = """
SELECT count(*), percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY seconds)
FROM (
    SELECT extract(epoch FROM finished_at - started_at)::float8 AS seconds, attempts
    FROM image_processor_transformationtask
    WHERE owner_id = %s AND status = 'SUCCESS' ORDER BY created_at DESC, id DESC LIMIT %s
) AS newest
WHERE attempts > 0
"""
# To measure a unit of work: how many of the newest tasks are read, and how many must have run.
_UNIT_NEWEST, _UNIT_LEAST = 200, 5
_SECONDS_PER_UNIT = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds / cost)
FROM (
    SELECT extract(epoch FROM finished_at - started_at)::float8 AS seconds, cost, attempts, queue
    FROM image_processor_transformationtask
    WHERE owner_id = %s AND status = 'SUCCESS' ORDER BY created_at DESC, id DESC LIMIT %s
) AS newest
WHERE attempts > 0 AND queue = %s
"""
_OPERATIONS = """
SELECT step ->> 'operation' AS operation, count(*)
FROM (
    SELECT transformations FROM image_processor_transformationtask
    WHERE owner_id = %s ORDER BY created_at DESC, id DESC LIMIT %s
) AS newest, jsonb_array_elements(transformations) AS step
GROUP BY operation ORDER BY count(*) DESC, operation LIMIT %s
"""


def collect(owner_id: int) -> dict[str, Any]:
    """Return an owner's statistics as the API's JSON (`StatsSerializer`). Five queries."""
    now = datetime.now(UTC)
    first = now.date() - timedelta(days=DAYS - 1)
    since = datetime.combine(first, time(), UTC)
    days = {(first + timedelta(days=n)).isoformat(): _no_tasks() for n in range(DAYS)}
    total = _no_tasks()
    for day, status, count in _rows(_BY_DAY, owner_id, since, MOST_COUNTED):
        total[status] += count
        # The database's clock may be a day ahead of this one.
        days.setdefault(day.isoformat(), _no_tasks())[status] = count
    images = selectors.present_images(owner_id).order_by()[: MOST_COUNTED + 1].count()
    [(measured, quantiles)] = _rows(_SECONDS, owner_id, MOST_MEASURED)
    median, high = quantiles or (None, None)
    operations = _rows(_OPERATIONS, owner_id, MOST_MEASURED, MOST_OPERATIONS)
    return {
        "images": min(images, MOST_COUNTED),
        "images_complete": images <= MOST_COUNTED,
        "bytes": usage.read(owner_id).bytes_stored,
        "tasks": {
            "since": since.isoformat().replace("+00:00", "Z"),
            "complete": sum(total.values()) < MOST_COUNTED,
            "by_status": total,
            "by_day": [{"day": day, "tasks": count} for day, count in sorted(days.items())],
        },
        "operations": [{"operation": name, "count": count} for name, count in operations],
        "seconds": {"measured": measured, "median": median, "percentile_95": high},
        "computed_at": now.isoformat().replace("+00:00", "Z"),
    }


def measure_seconds_per_unit(owner_id: int, queue: str) -> float | None:
    """Return the median run time per unit of cost, in seconds, of an owner's newest tasks.

    Only tasks of `queue` count. None if fewer than `_UNIT_LEAST` of them have run. One query.
    """
    [(measured, median)] = _rows(_SECONDS_PER_UNIT, owner_id, _UNIT_NEWEST, queue)
    return median if measured >= _UNIT_LEAST else None


def _no_tasks() -> dict[str, int]:
    return {status.value: 0 for status in Status}


def _rows(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
