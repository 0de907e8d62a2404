"""How an attempt ends that has not succeeded, and what the usual errors mean."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error as DatabaseError

from image_processor.engine.pixels.opencv import is_out_of_memory
from image_processor.jobs import fair, transitions
from image_processor.jobs.model import MAX_ATTEMPTS, Job
from image_processor.jobs.queues import QUEUES
from utils.errors import DomainError


@dataclass(frozen=True)
class Ending(ABC):
    """One ending with the code and message that the job shows, and other columns to write."""

    code: str
    message: str
    fields: dict[str, Any] = field(default_factory=dict, kw_only=True)

    @abstractmethod
    def write(self, job: Job) -> bool:
        """Write the ending, in the caller's transaction; return whether the job was still ours."""


class Fail(Ending):
    """The job fails for good."""

    def write(self, job: Job) -> bool:
        return transitions.fail(job, self.code, self.message, **self.fields)


class TryAgain(Ending):
    """Another attempt after a short pause; the job fails when its attempts are used up."""

    def write(self, job: Job) -> bool:
        return transitions.try_again(job, self.code, self.message, **self.fields)


class WaitOut(Ending):
    """Something else is away. The job waits for it, and the attempt does not count."""

    def write(self, job: Job) -> bool:
        return transitions.wait_out(job, self.code, self.message, **self.fields)


@dataclass(frozen=True)
class PutOff(Ending):
    """Another attempt after so many seconds; the attempt does not count.

    With `new_place` the job queues again behind its owner's other jobs.
    """

    seconds: float = field(kw_only=True)
    new_place: bool = field(default=False, kw_only=True)

    def write(self, job: Job) -> bool:
        fields = dict(self.fields)
        if self.new_place:
            fields["position"] = fair.place(job.queue, job.owner_id, job.cost)
        return transitions.put_off(job, self.code, self.message, seconds=self.seconds, **fields)


class WorkerLost(Ending):
    """Every attempt died with its worker: the job fails, if nobody claims it at this moment."""

    def write(self, job: Job) -> bool:
        return transitions.fail_lost(job, self.code, self.message, **self.fields)


WORKER_LOST = WorkerLost("worker_lost", f"The worker died in each of {MAX_ATTEMPTS} attempts.")


def default_ending(job: Job, error: Exception) -> Ending:
    """Return what an error means for a job whose type does not say otherwise.

    A transient `DomainError` and the database are waited for; other domain errors and the time
    limit are final; anything else is a fault of the service, tried again a few times.
    """
    match error:
        case SoftTimeLimitExceeded():
            limit = QUEUES[job.queue].soft_limit
            return Fail("took_too_long", f"The work took longer than {limit} seconds.")
        case DomainError(transient=True):
            return WaitOut(error.code, error.detail)
        case DomainError():
            return Fail(error.code, error.detail)
        case DatabaseError():
            return WaitOut("database_unavailable", "The database did not answer.")
    if is_out_of_memory(error):
        return TryAgain("out_of_memory", "The work took more memory than was planned.")
    return TryAgain("internal_error", "Something went wrong on our side.")
