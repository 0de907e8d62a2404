"""The endings of unsuccessful attempts, and the ending for each of the usual errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from image_processor.engine.pixels.opencv import is_out_of_memory
from image_processor.jobs import transitions
from image_processor.jobs.model import MAX_ATTEMPTS, Job
from image_processor.jobs.queues import QUEUES
from utils.errors import DomainError


@dataclass(frozen=True)
class Ending:
    """A function of `transitions` with its arguments: code, message, and further `arguments`.

    `crashed` says that the service is at fault, so operators need the traceback.
    """

    transition: Callable[..., bool]
    code: str
    message: str
    arguments: dict[str, Any] = field(default_factory=dict)
    crashed: bool = False

    def write(self, job: Job) -> bool:
        """Write the ending, in the caller's transaction; return whether the job was still ours."""
        return self.transition(job, self.code, self.message, **self.arguments)


WORKER_LOST = Ending(
    transitions.fail_lost, "worker_lost", f"The worker crashed in each of {MAX_ATTEMPTS} attempts."
)


def default_ending(job: Job, error: Exception) -> Ending:
    """Return the ending for an error, unless the job's type defines another one.

    A transient `DomainError` or an outage of the database puts the job off. Other domain errors and
    the time limit are final. Any other error is a fault of the service, also one that the database
    reports (a violated constraint, a wrong query), and the job gets a few attempts.
    """
    match error:
        case SoftTimeLimitExceeded():
            limit = QUEUES[job.queue].soft_limit
            message = f"The work took longer than {limit} seconds."
            return Ending(transitions.fail, "took_too_long", message)
        case DomainError():
            transition = transitions.wait_out if error.transient else transitions.fail
            return Ending(transition, error.code, error.detail)
        case OperationalError() | InterfaceError():  # also a deadlock
            message = "The database did not answer."
            return Ending(transitions.wait_out, "database_unavailable", message)
    if is_out_of_memory(error):
        message = "The work took more memory than was planned."
        return Ending(transitions.try_again, "out_of_memory", message, crashed=True)
    message = "Something went wrong on our side."
    return Ending(transitions.try_again, "internal_error", message, crashed=True)
