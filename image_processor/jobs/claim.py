"""Claim the next job of a queue: one statement, and no two workers get the same job."""

from __future__ import annotations

import uuid
from typing import TypeVar

from image_processor.jobs.model import MAX_ATTEMPTS, Job, Status

LEASE_SECONDS = 30

AnyJob = TypeVar("AnyJob", bound=Job)

# The claim starts at the floor of the queue (`fair_order.raise_floors`). Without it, every claim
# would walk the index entries of ended rows, which stay until a vacuum. clock_timestamp() is the
# database's clock at this moment; the workers' clocks do not matter.
# The commit does not wait for the disk: if the database loses a claim in a crash, the job waits
# again, and the worker's lease is gone.
_CLAIM = """
WITH next AS (
    SELECT id, position FROM {table}
    WHERE queue = %(queue)s AND available_at <= clock_timestamp()
      AND position >= coalesce(
          (SELECT floor FROM image_processor_queueclock WHERE queue = %(queue)s), 0)
      AND attempts - excused < %(max_attempts)s AND engine_release <= %(release)s
    ORDER BY position, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
), clock AS (
    INSERT INTO image_processor_queueclock AS clock (queue, virtual_time)
    SELECT %(queue)s, position FROM next
    ON CONFLICT (queue) DO UPDATE SET virtual_time = excluded.virtual_time
    WHERE clock.virtual_time < excluded.virtual_time
)
UPDATE {table} AS job SET
    status = %(running)s,
    attempts = job.attempts + 1,
    lease_token = %(token)s,
    available_at = clock_timestamp() + make_interval(secs => %(lease)s),
    started_at = coalesce(job.started_at, clock_timestamp()),
    progress = 0,
    updated_at = clock_timestamp()
FROM next WHERE job.id = next.id AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING job.*
"""


def claim(model: type[AnyJob], queue: str, *, release: int) -> AnyJob | None:
    """Lease the next fair job of a queue to the caller; None when there is no work.

    Candidates are pending jobs that are due, and running jobs whose lease ran out. The attempt is
    counted here, before the work starts, so that a job that kills its worker stops after
    `MAX_ATTEMPTS`. `release` is the caller's engine release: newer jobs wait for newer workers.
    """
    rows = model._default_manager.raw(
        _CLAIM.format(table=model._meta.db_table),
        {
            "queue": queue,
            "release": release,
            "max_attempts": MAX_ATTEMPTS,
            "running": Status.IN_PROGRESS,
            "token": uuid.uuid4(),
            "lease": LEASE_SECONDS,
        },
    )
    return next(iter(rows), None)
