"""Start-time fair queueing: nobody's thousand jobs hold up another's one.

P. Goyal, H. Vin, H. Cheng: "Start-time Fair Queueing", SIGCOMM 1996. A job's start tag is the
later of the queue's virtual time and the owner's last finish tag; its finish tag is that plus its
cost. Jobs run in order of start tags, and the virtual time is the start tag last claimed, so
that an owner who was idle gains no credit and one who was busy pays for nothing but what they
asked for (also for what they cancel: the place in the queue was taken).

An owner's jobs are two flows: those asked for one by one, which somebody may be looking at, and
those asked for together, which nobody waits for one by one. So a batch holds up neither others nor
the next single job of its own owner.
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
DELETE FROM image_processor_fairshare AS share USING image_processor_queueclock AS clock
WHERE clock.queue = share.queue AND share.finish <= clock.virtual_time
"""

_RAISE = """
UPDATE image_processor_queueclock AS clock SET floor = least(clock.virtual_time, {lowest})
"""
_LOWEST = """(
    SELECT position FROM {table} WHERE queue = clock.queue AND available_at IS NOT NULL
    ORDER BY position, id LIMIT 1
)"""


def place(queue: str, owner_id: int, cost: float) -> float:
    """The position of a new job; moves the owner's share on by `cost`. One query.

    Meant for the transaction that writes the job: submissions of one owner to one queue follow
    each other, those of different owners do not wait.
    """
    return _place(queue, owner_id, cost, together=False)


def place_all(jobs: Iterable[Job]) -> None:
    """Give jobs that were asked for together their positions. One query for a queue.

    All of them are one owner's. They follow each other and what was asked for together before;
    others' jobs, and its owner's single ones, come between them, however many they are.
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
    """Remove the shares that their queue's virtual time has gone past; how many.

    Such a share says the same as none: its owner's next job starts at the virtual time.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        return int(cursor.rowcount)


def raise_floors() -> None:
    """Let claims start at the lowest place that somebody waits or runs at. One query.

    New jobs are placed at the virtual time or later. One that was placed before it and committed
    after this look is found by the next one, since each looks at everything.
    """
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, Job)]
    lowest = ", ".join(_LOWEST.format(table=table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(_RAISE.format(lowest=lowest))
