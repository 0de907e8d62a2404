"""Start-time fair queueing: a thousand jobs of one owner do not hold up one job of another.

P. Goyal, H. Vin, H. Cheng: "Start-time Fair Queueing", SIGCOMM 1996. A job's start tag is the
later of the queue's virtual time and the owner's last finish tag; its finish tag is that plus its
cost. Jobs run in order of start tags, and the virtual time is the start tag last claimed. So an
idle owner gains no credit, and a busy owner pays only for the jobs that they submitted (also for
those they cancel: the place in the queue was taken).

An owner's jobs form two flows: single jobs, whose results somebody may be waiting for, and jobs
submitted together. So a batch delays neither other owners nor its own owner's next single job.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import connection

from image_processor.jobs.model import Job

_PLACE = """
WITH now AS (
    SELECT coalesce(max(virtual_time), 0) AS virtual_time
    FROM image_processor_queueclock WHERE queue = %(queue)s
)
INSERT INTO image_processor_fairshare AS share (queue, owner_id, together, finish)
SELECT %(queue)s, %(owner)s, %(together)s, now.virtual_time + %(cost)s FROM now
ON CONFLICT (queue, owner_id, together) DO UPDATE
SET finish = greatest(share.finish + %(cost)s, excluded.finish)
RETURNING finish - %(cost)s
"""

_FORGET = """
DELETE FROM image_processor_fairshare WHERE id IN (
    SELECT share.id FROM image_processor_fairshare AS share
    JOIN image_processor_queueclock AS clock USING (queue)
    WHERE share.finish <= clock.virtual_time
    FOR UPDATE OF share SKIP LOCKED
)
"""

_RAISE = """
UPDATE image_processor_queueclock AS clock SET floor = least(clock.virtual_time, {lowest})
"""
_LOWEST = """(
    SELECT position FROM {table} WHERE queue = clock.queue AND available_at IS NOT NULL
    ORDER BY position, id LIMIT 1
)"""


def place(queue: str, owner_id: int, cost: float) -> float:
    """Return the position of a new job, and advance the owner's share by `cost`. One query.

    Called in the transaction that writes the job: submissions of one owner to one queue wait for
    each other, those of different owners do not.
    """
    return _place(queue, owner_id, cost, together=False)


def place_all(jobs: Iterable[Job]) -> None:
    """Set the positions of jobs of one owner that were submitted together. One query per queue.

    They run one after another, behind the owner's earlier batches. Other owners' jobs, and the
    owner's single jobs, run between them.
    """
    queues: dict[str, list[Job]] = {}
    for job in jobs:
        queues.setdefault(job.queue, []).append(job)
    for queue, placed in sorted(queues.items()):
        cost = sum(job.cost for job in placed)
        position = _place(queue, placed[0].owner_id, cost, together=True)
        for job in placed:
            job.position = position
            position += job.cost


def _place(queue: str, owner_id: int, cost: float, *, together: bool) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACE, {"queue": queue, "owner": owner_id, "together": together, "cost": cost}
        )
        (position,) = cursor.fetchone()
    return float(position)


def forget_idle() -> int:
    """Delete the shares that lie behind their queue's virtual time; return how many.

    Such a share has no effect: the owner's next job starts at the virtual time anyway. Shares that
    another transaction is advancing are left out, so that neither waits for the other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        return int(cursor.rowcount)


def raise_floors() -> None:
    """Let claims start at the lowest position of a job that waits or runs. One query.

    New jobs get the virtual time or a later position. A job that was placed earlier and committed
    after this query is found by the next call, since each call considers all jobs.
    """
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, Job)]
    lowest = ", ".join(_LOWEST.format(table=table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(_RAISE.format(lowest=lowest))
