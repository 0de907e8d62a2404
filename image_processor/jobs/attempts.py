"""One attempt at a claimed job, of whatever kind: its end is in the row, whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error as DatabaseError

from image_processor.engine import Deadline
from image_processor.engine.pixels.opencv import is_out_of_memory
from image_processor.jobs import transitions
from image_processor.jobs.connections import let_go
from image_processor.jobs.lease import Lease, LeaseLost
from image_processor.jobs.model import Job
from image_processor.jobs.queues import QUEUES
from utils.errors import DomainError

log = structlog.get_logger(__name__)

# Between the tries of a final write, in seconds: a database restarts in about that.
PAUSES = (0.5, 3)

Work = Callable[[Lease, Deadline], None]
Transition = Callable[[Job, str, str], bool]
End = Callable[[Transition, str, str], None]


def attempt(job: Job, work: Work, end: End, *, gone: tuple[type[Exception], ...]) -> None:
    """Do the `work` of a job that the caller has just claimed, keeping its lease meanwhile.

    `end(transition, code, message)` writes an end that is not success. `gone`: what `work`
    raises when what the job is about was deleted; then there is nothing to write.
    """
    nothing_to_write: tuple[type[Exception], ...] = (LeaseLost, *gone)
    what = {"kind": job._meta.model_name, "job": job.pk}
    deadline = Deadline.after(QUEUES[job.queue].deadline)
    with Lease(job) as lease:
        try:
            work(lease, deadline)
        except nothing_to_write:
            log.info("job_given_up", **what, attempt=job.attempts, at=lease.progress)
        except SoftTimeLimitExceeded:
            limit = QUEUES[job.queue].soft_limit
            message = f"The work took longer than {limit} seconds."
            end(transitions.fail, "took_too_long", message)
        except DomainError as error:
            transition = transitions.wait_out if error.transient else transitions.fail
            end(transition, error.code, error.detail)
        except DatabaseError as error:
            log.warning("job_database_error", **what, error=str(error))
            let_go()
            end(transitions.wait_out, "database_unavailable", "The database did not answer.")
        except Exception as error:
            log.exception("job_crashed", **what, attempt=job.attempts)
            if is_out_of_memory(error):
                code, message = "out_of_memory", "The work took more memory than was planned."
            else:
                code, message = "internal_error", "Something went wrong on our side."
            end(transitions.try_again, code, message)


def persist(write: Callable[[], bool]) -> bool:
    """Do a final write, with a fresh connection after each failure of the database.

    When the database stays away the lease runs out, and the work is done again.
    """
    for pause in PAUSES:
        try:
            return write()
        except DatabaseError:
            let_go()
            time.sleep(pause)
    return write()
