"""What the runner has to know about one kind of job."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic

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
    # `run` and `lock` raise these when the subject of the job was deleted, and the job with it.
    gone: ClassVar[tuple[type[Exception], ...]] = ()
    # Limits how many of its jobs one worker process runs at a time, where threads are shared.
    slots: ClassVar[Slots | None] = None

    @abstractmethod
    def run(self, job: AnyJob, lease: Lease) -> None:
        """Do the work, then write the results and `transitions.finish` in one transaction.

        Calls `lease.checkpoint` between steps. Raises `LeaseLost`, one of `gone`, or any error;
        `ending` says what an error means.
        """

    def lock(self, job: AnyJob) -> None:
        """Take the locks that come before the job's row, for the transaction of its ending.

        Raises one of `gone`.
        """

    def ending(self, job: AnyJob, error: Exception) -> Ending:
        """Return how the attempt ends in which `run` raised `error`. Writes nothing."""
        return default_ending(job, error)

    def after_ending(self, job: AnyJob, error: Exception | None) -> None:
        """Write what follows from an ending that is not success, in its transaction.

        The job has the status just written (FAILED, or PENDING for another attempt), and its
        error code and message. `error` is None when every attempt was lost with its worker.
        """

    def collect(self) -> None:
        """Write the jobs that other rows only ask for so far. Called before each claim."""

    def wakes_another(self, job: AnyJob) -> bool:
        """Return whether a claimed job announces more jobs than wake-ups were sent for."""
        return False

    def forget_old(self) -> None:
        """Delete the jobs that ended too long ago to be of use."""


AnyJobType = JobType[Any]
