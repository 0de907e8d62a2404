"""Keep a claimed job while a worker runs it."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from image_processor.jobs import stopping, transitions, wakeups
from image_processor.jobs.connection import close_idle_connection
from image_processor.jobs.model import Job

RENEW_SECONDS = 10
CHECK_SECONDS = 1
TICK_SECONDS = 0.5

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another worker has the job, or its owner cancelled it: stop and publish nothing."""


class Lease:
    """Renews a job's lease from a thread while the block runs.

    The work calls `checkpoint` between its steps, however short they are. `checkpoint` records
    the progress, queries the database at most once in `CHECK_SECONDS`, and raises `LeaseLost`
    when the job belongs to another worker or to none. When the worker was told to stop and the
    time for its jobs is over, the thread hands the job back for another worker to claim.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.progress = 0.0
        self._checked_at = self._renewed_at = time.monotonic()  # the claim was just made
        self._lost = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(
            target=self._renew_until_done, name=f"lease-{job.pk}", daemon=True
        )

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def checkpoint(self, progress: float) -> None:
        """Record the progress (0..1). Raises `LeaseLost` when the work should stop."""
        self.progress = progress
        if time.monotonic() - self._checked_at >= CHECK_SECONDS:
            self._renew()
        if self._lost.is_set():
            raise LeaseLost

    def _renew_until_done(self) -> None:
        try:
            while not self._lost.is_set() and not self._done.wait(TICK_SECONDS):
                if stopping.is_over():
                    self._hand_back()
                elif time.monotonic() - self._renewed_at >= RENEW_SECONDS:
                    self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        self._checked_at = self._renewed_at = time.monotonic()
        try:
            if not transitions.renew(self.job, self.progress):
                self._lost.set()
        except DatabaseError as error:
            # The lease outlasts two missed renewals; the next one may succeed.
            log.warning("lease_not_renewed", job=self.job.pk, error=str(error))
            close_idle_connection()

    def _hand_back(self) -> None:
        try:
            if transitions.hand_back(self.job):
                log.info("job_handed_back", job=self.job.pk)
                wakeups.wake(self.job.queue)
            self._lost.set()
        except DatabaseError as error:
            log.warning("job_not_handed_back", job=self.job.pk, error=str(error))
            close_idle_connection()
