"""What the runner has to know about one kind of job."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Any, ClassVar, Generic

from django.db.models.functions import Now

from image_processor.jobs.claim import AnyJob
from image_processor.jobs.endings import Ending, default_ending
from image_processor.jobs.lease import Lease
from image_processor.jobs.queues import Queue
from utils.slots import Slots


class JobType(ABC, Generic[AnyJob]):
    """One kind of durable work: its rows, its queues, its work, and what its errors mean.

    An app registers one instance in `AppConfig.ready` (`registry.register`). Wake-ups, claims,
    leases, retries, lost workers and top-ups then follow from it (`runner`, `maintenance`).
    """

    model: type[AnyJob]
    queues: ClassVar[tuple[Queue, ...]]
    # `run` and `lock` raise these if the job was deleted together with the row that it works on.
    gone: ClassVar[tuple[type[Exception], ...]] = ()
    # How long a row is kept after its job has ended; None means for ever.
    kept: ClassVar[timedelta | None] = None
    # How many jobs of this type a worker process runs at a time, if it shares its threads.
    slots: ClassVar[Slots | None] = None

    @abstractmethod
    def run(self, job: AnyJob, lease: Lease) -> None:
        """Do the work, then write the results and `transitions.finish` in one transaction.

        Calls `lease.checkpoint` between steps. Raises `LeaseLost`, one of `gone`, or any error;
        `ending` says what an error means.
        """

    def lock(self, job: AnyJob) -> None:
        """Take the locks that come before the job's row, in the transaction that writes the ending.

        Raises one of `gone`.
        """

    def ending(self, job: AnyJob, error: Exception) -> Ending:
        """Return the ending of an attempt whose `run` raised `error`. Writes nothing."""
        return default_ending(job, error)

    def after_ending(self, job: AnyJob, error: Exception | None) -> None:
        """Write what follows from an ending that is not success, in its transaction.

        The job has the status just written (FAILED, or PENDING for another attempt), and its
        error code and message. `error` is None if the worker died in every attempt.
        """

    def collect(self) -> None:
        """Write the rows of jobs that are only marked as needed. Called before each claim."""

    def forget_old(self) -> int:
        """Delete the jobs that ended longer ago than `kept`; return how many."""
        if self.kept is None:
            return 0
        ended = self.model._default_manager.filter(finished_at__lt=Now() - self.kept)
        return ended.delete()[0]


AnyJobType = JobType[Any]
