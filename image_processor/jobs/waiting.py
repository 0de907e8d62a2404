"""Waiting for a job to end: many callers, one poller, no held database connections."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from image_processor.jobs.connections import let_go
from image_processor.jobs.model import UNFINISHED, Job

POLL_SECONDS = 0.05
# How often it is asked whether a caller is still there.
PRESENCE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Waiter:
    """Waits for rows of one model in this process.

    One thread, alive only while someone waits, asks for all awaited rows in one query. At most
    `settings.MAX_WAITING_REQUESTS` callers wait at a time, so that waiting never uses up the
    web threads; the next one is told at once that it may not.
    """

    def __init__(self, model: type[Job]) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._waiting: dict[int, list[threading.Event]] = defaultdict(list)
        self._callers = 0
        self._polling = False

    def wait(self, pk: int, seconds: float, *, is_gone: Callable[[], bool] = lambda: False) -> bool:
        """Return when the row is finished or gone, or after so many seconds.

        Or when `is_gone` says that nobody is there to be told: a caller who went away leaves the
        place to others. False, at once, when too many callers wait already.
        """
        ended = threading.Event()
        with self._lock:
            if self._callers >= settings.MAX_WAITING_REQUESTS:
                return False
            if not self._polling:
                threading.Thread(target=self._poll, name="job-waiter", daemon=True).start()
                self._polling = True
            self._callers += 1
            self._waiting[pk].append(ended)
        let_go()
        try:
            end = time.monotonic() + seconds
            while not ended.wait(min(PRESENCE_SECONDS, end - time.monotonic())):
                if time.monotonic() >= end or is_gone():
                    break
        finally:
            with self._lock:
                self._callers -= 1
                self._waiting[pk].remove(ended)
                if not self._waiting[pk]:
                    del self._waiting[pk]
        return True

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
