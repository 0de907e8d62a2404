"""Statistics of an owner's images and tasks. They cost the same however many rows there are.

Images, bytes and the tasks of the last `DAYS` days are counted when they change. Durations and
operations come from the newest `MOST_MEASURED` tasks.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection

from image_processor.jobs.model import Status
from image_processor.library import selectors
from image_processor.library.accounting import task_counts, usage
from image_processor.library.accounting.task_counts import DAYS

MOST_MEASURED = 500
MOST_OPERATIONS = 10

_NEWEST = """
WITH newest AS MATERIALIZED (
    SELECT transformations, CASE WHEN status = 'SUCCESS' AND attempts > 0
        THEN extract(epoch FROM finished_at - started_at)::float8 END AS seconds
    FROM image_processor_transformationtask
    WHERE owner_id = %s ORDER BY created_at DESC, id DESC LIMIT %s
), operations AS (
    SELECT step ->> 'operation' AS operation, count(*) AS count
    FROM newest, jsonb_array_elements(transformations) AS step
    GROUP BY operation ORDER BY count DESC, operation LIMIT %s
)
SELECT count(seconds), percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY seconds), (
    SELECT coalesce(json_agg(operations ORDER BY count DESC, operation), '[]') FROM operations
)
FROM newest
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


def collect(owner_id: int) -> dict[str, Any]:
    """Return an owner's statistics as the API's JSON (`StatsSerializer`). Four queries."""
    now = datetime.now(UTC)
    first = now.date() - timedelta(days=DAYS - 1)
    since = datetime.combine(first, time(), UTC)
    days = {(first + timedelta(days=n)).isoformat(): _no_tasks() for n in range(DAYS)}
    total = _no_tasks()
    for day, status, count in task_counts.read(owner_id, first):
        total[status] += count
        # The database's clock may be a day ahead of this one.
        days.setdefault(day.isoformat(), _no_tasks())[status] = count
    used = usage.read(owner_id)
    hidden = selectors.count_hidden_images(owner_id)
    [(measured, quantiles, operations)] = _rows(_NEWEST, owner_id, MOST_MEASURED, MOST_OPERATIONS)
    median, high = quantiles or (None, None)
    return {
        "images": max(0, used.images - hidden),  # counted one after the other
        "bytes": used.bytes_stored,
        "tasks": {
            "since": since.isoformat().replace("+00:00", "Z"),
            "by_status": total,
            "by_day": [{"day": day, "tasks": count} for day, count in sorted(days.items())],
        },
        "operations": operations,
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
