"""Requests that wait for jobs to end: one thread polls for all, so none holds a connection."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from image_processor.jobs.connection import close_idle_connection
from image_processor.jobs.model import UNFINISHED, Job
from utils.slots import Slots

POLL_SECONDS = 0.05

log = structlog.get_logger(__name__)


class Waiter:
    """Tells the threads of this process when rows of one model have ended.

    One thread, alive only while someone waits, asks for all awaited rows in one query. `slots`
    limits how many callers wait, so that waiting never uses up the web threads.
    """

    def __init__(self, model: type[Job], slots: Slots) -> None:
        self.slots = slots
        self._model = model
        self._lock = threading.Lock()
        self._waiting: dict[int, list[threading.Event]] = defaultdict(list)
        self._polling = False

    @contextmanager
    def awaiting(self, job: Job) -> Iterator[threading.Event | None]:
        """Yield an event that is set when the job has ended or is gone; None without a free slot.

        The slot counts for the owner of the job. The caller waits for the event inside the block.
        """
        with self.slots.hold(job.owner_id) as held:
            if not held:
                yield None
                return
            pk = job.pk  # a deletion of the object resets it
            ended = self._add(pk)
            close_idle_connection()
            try:
                yield ended
            finally:
                self._remove(pk, ended)

    def _add(self, pk: int) -> threading.Event:
        ended = threading.Event()
        with self._lock:
            self._waiting[pk].append(ended)
            if not self._polling:
                threading.Thread(target=self._poll, name="job-waiter", daemon=True).start()
                self._polling = True
        return ended

    def _remove(self, pk: int, ended: threading.Event) -> None:
        with self._lock:
            self._waiting[pk].remove(ended)
            if not self._waiting[pk]:
                del self._waiting[pk]

    def _poll(self) -> None:
        pause = threading.Event()
        try:
            while True:
                with self._lock:
                    awaited = list(self._waiting)
                    if not awaited:
                        self._polling = False
                        return
                try:
                    self._announce(awaited)
                except DatabaseError as error:
                    log.warning("waiter_database_error", error=str(error))
                    connection.close()
                pause.wait(POLL_SECONDS)
        finally:
            connection.close()

    def _announce(self, awaited: list[int]) -> None:
        rows = self._model._default_manager.filter(pk__in=awaited, status__in=UNFINISHED)
        unfinished = set(rows.values_list("pk", flat=True))
        with self._lock:
            for pk in awaited:
                if pk not in unfinished:
                    for ended in self._waiting.get(pk, []):
                        ended.set()
