"""Counts of an owner's tasks by day and status (`models.task_count`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from image_processor.models import TaskCount, TaskCountChange

DAYS = 30
CHUNK = 20_000

# One statement reads counts and changes, so it sees each change once.
_READ = """
SELECT day, status, sum(tasks)::bigint
FROM (
    SELECT day, status, tasks FROM image_processor_taskcount
    WHERE owner_id = %(owner)s AND day >= %(first)s
    UNION ALL
    SELECT day, status, tasks FROM image_processor_taskcountchange
    WHERE owner_id = %(owner)s AND day >= %(first)s
) AS counted
GROUP BY day, status HAVING sum(tasks) <> 0
"""
# Several schedulers take different changes, and lock the counts in the same order.
_FOLD = """
WITH taken AS (
    DELETE FROM image_processor_taskcountchange WHERE id IN (
        SELECT id FROM image_processor_taskcountchange
        ORDER BY id LIMIT %(chunk)s FOR UPDATE SKIP LOCKED
    )
    RETURNING owner_id, day, status, tasks
), folded AS (
    INSERT INTO image_processor_taskcount AS count (owner_id, day, status, tasks)
    SELECT owner_id, day, status, sum(tasks) FROM taken
    GROUP BY owner_id, day, status HAVING sum(tasks) <> 0
    ORDER BY owner_id, day, status
    ON CONFLICT (owner_id, day, status) DO UPDATE SET tasks = count.tasks + excluded.tasks
)
SELECT count(*) FROM taken
"""


def read(owner_id: int, first: date) -> list[tuple[date, str, int]]:
    """Return day, status and number of an owner's tasks since the first day. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"owner": owner_id, "first": first})
        return list(cursor.fetchall())


def fold() -> int:
    """Add the oldest changes, at most `CHUNK`, to the counts; return how many. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, {"chunk": CHUNK})
        (folded,) = cursor.fetchone()
    return int(folded)


def forget_owner(owner_id: int) -> None:
    """Delete the counts of an account, in the transaction that deletes its last tasks.

    If `fold` is adding changes at this moment, counts are left, which `forget_old` deletes.
    """
    TaskCountChange.objects.filter(owner_id=owner_id).delete()
    TaskCount.objects.filter(owner_id=owner_id).delete()


def forget_old() -> None:
    """Delete counts that are zero, of deleted accounts, and of days that no statistics show."""
    # A day more than is shown, as the database's clock may be ahead of this one.
    last = datetime.now(UTC).date() - timedelta(days=DAYS + 1)
    gone = ~Exists(get_user_model()._base_manager.filter(pk=OuterRef("owner_id")))
    TaskCount.objects.filter(Q(tasks=0) | Q(day__lt=last) | gone).delete()
