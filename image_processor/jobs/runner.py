"""The runner: claims the next fair job of a queue, runs it under a lease, and writes its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext

import structlog
from django.db import Error as DatabaseError
from django.db import transaction

from image_processor.engine import ENGINE_RELEASE
from image_processor.jobs import memory, stopping, transitions, wakeups
from image_processor.jobs.claim import claim
from image_processor.jobs.connection import close_idle_connection
from image_processor.jobs.database_retry import retry_on_database_error
from image_processor.jobs.endings import WORKER_LOST, Ending
from image_processor.jobs.job_type import AnyJobType
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Job
from image_processor.jobs.queues import QUEUES
from image_processor.jobs.registry import job_type_of

log = structlog.get_logger(__name__)


def run_round(queue: str, clock: Callable[[], float] = time.monotonic) -> int:
    """Run fair jobs of a queue one after another for `Queue.round_seconds`; return how many.

    So many short jobs cost one message, one check of the database connection and one turn of the
    worker's pool. If more jobs may wait at the end of the round, the next wake-up is sent. Runs
    none if all slots of the type are in use in this process: a round that frees its slot sends the
    next wake-up, so that the jobs behind it do not wait for the scheduler.
    """
    job_type = job_type_of(queue)
    if job_type is None:
        return 0  # a canary of a queue without rows
    try:
        with job_type.slots.hold() if job_type.slots else nullcontext(True) as free:
            ran, more = _run_some(queue, clock) if free else (0, False)
    except Exception:
        wakeups.wake(queue)  # the jobs behind this one do not wait for the scheduler
        raise
    memory.give_back()
    if more or (ran and job_type.slots):
        wakeups.wake(queue)
    return ran


def _run_some(queue: str, clock: Callable[[], float]) -> tuple[int, bool]:
    """Run jobs until none waits or the round is over; return how many, and if more may wait."""
    end = clock() + QUEUES[queue].round_seconds
    ran = 0
    while run_next(queue):
        ran += 1
        if clock() >= end or stopping.has_begun():
            return ran, True
    return ran, False


def run_next(queue: str) -> bool:
    """Claim the next fair job of a queue and run it; return whether there was one."""
    job_type = job_type_of(queue)
    if job_type is None:
        return False
    job_type.collect()
    job = claim(job_type.model, queue, release=ENGINE_RELEASE)
    if job is None:
        return False
    run(job_type, job)
    return True


def run(job_type: AnyJobType, job: Job) -> None:
    """Run a job that the caller has just claimed, and write the end of the attempt to its row."""
    given_up: tuple[type[Exception], ...] = (LeaseLost, *job_type.gone)
    with Lease(job) as lease:
        try:
            job_type.run(job, lease)
        except given_up:
            log.info("job_given_up", **_named(job), at=lease.progress)
        except Exception as error:  # noqa: BLE001 - every error has a meaning for the row
            ending = job_type.ending(job, error)
            _log(job, error, ending)
            try:
                _write_ending(job_type, job, ending, error)
            except DatabaseError as failure:
                # The lease runs out, and another attempt begins.
                log.warning("job_ending_not_written", **_named(job), exc_info=failure)
                close_idle_connection()


def fail_lost_jobs(job_type: AnyJobType, *, most: int = 500) -> int:
    """Fail the jobs whose worker died in every attempt; return how many."""
    lost = transitions.lost(job_type.model)[:most]
    return sum(_end(job_type, job, WORKER_LOST, None) for job in lost)


def _end(job_type: AnyJobType, job: Job, ending: Ending, error: Exception | None) -> bool:
    """Write an ending and what follows from it; return whether the job was still ours."""
    try:
        with transaction.atomic():
            job_type.lock(job)
            written = ending.write(job)
            if written:
                job.refresh_from_db(fields=["status", "error_code", "error_message"])
                job_type.after_ending(job, error)
    except job_type.gone:
        log.info("job_given_up", **_named(job))
        return False
    return written


_write_ending = retry_on_database_error(_end)


def _log(job: Job, error: Exception, ending: Ending) -> None:
    if ending.crashed:
        log.exception("job_crashed", **_named(job))
    elif isinstance(error, DatabaseError):
        log.warning("job_database_error", **_named(job), error=str(error))
        close_idle_connection()


def _named(job: Job) -> dict[str, object]:
    return {"kind": job._meta.model_name, "job": job.pk, "attempt": job.attempts}
