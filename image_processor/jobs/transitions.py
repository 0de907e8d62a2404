"""The changes of a job's state except its claim, each a conditional update.

A change returns whether it took place, or how many jobs changed. A worker's updates
require the lease token of its claim. They change nothing once another worker has taken over or the
owner has cancelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from image_processor.jobs.claim import LEASE_SECONDS, AnyJob
from image_processor.jobs.fair_order import place, place_all
from image_processor.jobs.model import MAX_ATTEMPTS, Job, Status

# How long a job waits for a storage or database that does not answer.
OUTAGE = timedelta(hours=24)

_ENDED: dict[str, Any] = {
    "available_at": None,
    "lease_token": None,
    "finished_at": Now(),
    "updated_at": Now(),
}


_RETRY = """
UPDATE {table} AS job SET
    status = %(pending)s,
    position = place.position,
    attempts = 0,
    excused = 0,
    progress = 0,
    error_code = '',
    error_message = '',
    available_at = statement_timestamp(),
    queued_at = statement_timestamp(),
    started_at = NULL,
    finished_at = NULL,
    updated_at = statement_timestamp()
FROM unnest(%(ids)s::bigint[], %(positions)s::float8[]) AS place (id, position)
WHERE job.id = place.id AND job.status = ANY(%(ended)s::text[])
"""


def _leased(job: Job) -> QuerySet[Any]:
    manager = type(job)._default_manager
    return manager.filter(pk=job.pk, status=Status.IN_PROGRESS, lease_token=job.lease_token)


def _in(seconds: float) -> Any:
    return Now() + timedelta(seconds=seconds)


def renew(job: Job, progress: float) -> bool:
    """Keep the lease for another `LEASE_SECONDS`; False when it is gone.

    Does not wait for the disk: if the database loses a renewal in a crash, the next one follows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
        changed = _leased(job).update(
            available_at=_in(LEASE_SECONDS), progress=progress, updated_at=Now()
        )
    return bool(changed)


def hold(job: Job) -> bool:
    """Lock the row of a leased job until the transaction ends; False when the lease is gone."""
    return _leased(job).select_for_update(no_key=True).first() is not None


def finish(job: Job, **fields: Any) -> bool:
    """IN_PROGRESS -> SUCCESS; clears the error of an earlier attempt."""
    changed = _leased(job).update(
        status=Status.SUCCESS, progress=1, error_code="", error_message="", **_ENDED, **fields
    )
    return bool(changed)


def fail(job: Job, code: str, message: str, **fields: Any) -> bool:
    """IN_PROGRESS -> FAILED, for good."""
    changed = _leased(job).update(
        status=Status.FAILED, error_code=code, error_message=message, **_ENDED, **fields
    )
    return bool(changed)


def try_again(job: Job, code: str, message: str) -> bool:
    """IN_PROGRESS -> PENDING after a pause that doubles; FAILED when the attempts are used up.

    The end of the pause is a time in the row; no worker waits for it. Excused attempts, of which
    a long outage causes hundreds, do not lengthen the pause.
    """
    counted = job.attempts - job.excused
    if counted >= MAX_ATTEMPTS:
        return fail(job, code, message)
    return _back(job, code, message, available_at=_in(2.0**counted))


def wait_out(job: Job, code: str, message: str) -> bool:
    """IN_PROGRESS -> PENDING because something that the job needs is down; FAILED after `OUTAGE`.

    The attempt does not count. The pauses grow from 5 seconds to 5 minutes.
    """
    if timezone.now() - job.queued_at >= OUTAGE:
        return fail(job, code, message)
    return put_off(job, code, message, seconds=growing_pause(job, least=5, most=300))


def growing_pause(job: Job, *, least: float, most: float) -> float:
    """Half the time since the job was queued, between two limits, all in seconds."""
    waited = timezone.now() - job.queued_at
    return min(most, max(least, waited.total_seconds() / 2))


def put_off(
    job: Job,
    code: str,
    message: str,
    *,
    seconds: float,
    new_place: bool = False,
    **fields: Any,
) -> bool:
    """IN_PROGRESS -> PENDING, due after `seconds`; the attempt does not count.

    With `new_place` the job queues again behind its owner's other jobs.
    """
    if new_place:
        fields["position"] = place(job.queue, job.owner_id, job.cost)
    fields.setdefault("excused", F("excused") + 1)
    return _back(job, code, message, available_at=_in(seconds), **fields)


def hand_back(job: Job) -> bool:
    """IN_PROGRESS -> PENDING at once because the worker stops; the attempt does not count."""
    return _back(job, "", "", available_at=Now(), excused=F("excused") + 1)


def _back(job: Job, code: str, message: str, **fields: Any) -> bool:
    changed = _leased(job).update(
        status=Status.PENDING,
        lease_token=None,
        error_code=code,
        error_message=message,
        updated_at=Now(),
        **fields,
    )
    return bool(changed)


def cancel(jobs: QuerySet[Any]) -> int:
    """PENDING or IN_PROGRESS -> CANCELLED; a running job's worker notices at the next step."""
    return jobs.filter(status__in=(Status.PENDING, Status.IN_PROGRESS)).update(
        status=Status.CANCELLED, error_code="", error_message="", **_ENDED
    )


def retry(job: Job) -> bool:
    """FAILED or CANCELLED -> PENDING, with new attempts and a new fair place."""
    job.position = place(job.queue, job.owner_id, job.cost)
    return bool(_retry([job]))


def retry_all(jobs: Sequence[Job]) -> int:
    """Retry jobs of one owner and one model, as `retry` does; return how many."""
    place_all(jobs)
    return _retry(jobs)


def _retry(jobs: Sequence[Job]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            _RETRY.format(table=type(jobs[0])._meta.db_table),
            {
                "ids": [job.pk for job in jobs],
                "positions": [job.position for job in jobs],
                "pending": Status.PENDING.value,
                "ended": [Status.FAILED.value, Status.CANCELLED.value],
            },
        )
        return int(cursor.rowcount)


def lost(model: type[AnyJob]) -> QuerySet[AnyJob]:
    """Return the jobs whose worker died in every attempt. No worker claims them any more."""
    return model._default_manager.filter(
        status=Status.IN_PROGRESS,
        attempts__gte=F("excused") + MAX_ATTEMPTS,
        available_at__lte=Now(),
    )


def fail_lost(job: Job, code: str, message: str) -> bool:
    """IN_PROGRESS -> FAILED for one of the `lost` jobs, if it is still lost."""
    changed = (
        lost(type(job))
        .filter(pk=job.pk)
        .update(status=Status.FAILED, error_code=code, error_message=message, **_ENDED)
    )
    return bool(changed)
