"""The watch of a worker: a thread in its main process.

A child that hangs is killed; Celery starts another one and returns the message to the queue. If
that does not help, if the worker has threads instead of children, if the worker takes no messages
any more, or if the watch fails, the whole worker ends.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

import structlog
from celery import bootsteps
from celery.worker import state
from django.conf import settings

from image_processing_service.watch import ending, pulse
from image_processing_service.watch.clock import RunningTime
from image_processing_service.watch.held_messages import HeldMessages, child_of
from image_processing_service.watch.waiting_messages import WaitingMessages
from image_processor.jobs import stopping
from utils import messages

LONGEST_INTERVAL = 5.0
EXTRA_SECONDS = 5  # after the time in which running tasks may end

log = structlog.get_logger(__name__)


class WorkerWatch(bootsteps.StartStopStep):
    """Runs the watch from the start of the pool until the worker shuts down."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **_: object) -> None:
        self._worker = worker
        self._stopped = threading.Event()
        self._interval = min(LONGEST_INTERVAL, settings.HANG_SECONDS / 4)
        self._clock = RunningTime(self._interval)
        self._held = HeldMessages(settings.HANG_SECONDS)
        self._waiting = WaitingMessages(self._count_waiting, settings.HANG_SECONDS)
        # When the child of each message was killed.
        self._killed_at: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
        self._hang_seconds = settings.HANG_SECONDS
        self._pulse_file = settings.PULSE_FILE

    def start(self, _: Any) -> None:
        """Start the thread."""
        threading.Thread(target=self.run, name="worker-watch", daemon=True).start()

    def stop(self, _: Any) -> None:
        """Stop looking: a worker that shuts down takes no messages."""
        self._stopped.set()

    def run(self) -> None:
        """Look until the worker shuts down, and end it if it hangs or if the watch fails."""
        try:
            while not self._stopped.wait(self._interval):
                if reason := self.check(self._clock.advance()):
                    self._end_worker("worker_hangs", reason=reason)
        except Exception as error:  # noqa: BLE001 - unwatched, the worker could hang for ever
            self._end_worker("worker_watch_failed", exc_info=error)

    def check(self, now: float) -> str:
        """Kill children that hang. Return why the whole worker must end, or an empty string."""
        # The main thread changes the dictionary meanwhile; list() copies it in one step.
        held = [it for it in list(state.requests.values()) if it not in state.scheduled_requests]
        overdue = self._held.overdue(held, now)
        for request in overdue:
            if request not in self._killed_at:
                if not self._kill_child(request):
                    return f"{request.name} exceeds its time, and no child can be killed"
                self._killed_at[request] = now
            elif now - self._killed_at[request] > self._hang_seconds:
                return f"the message {request.id} is still here without its child"
        if not overdue:
            pulse.touch(self._pulse_file)
        is_idle, begun = not held, state.all_total_count[0]
        if self._waiting.are_ignored(begun, is_idle=is_idle, now=now):
            return "messages wait, and this worker takes none"
        return ""

    def _kill_child(self, request: Any) -> bool:
        child = child_of(request)
        if child not in self._children():
            return False
        log.error("child_hangs", child=child, task=request.name, message=request.id)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        return True

    def _children(self) -> list[int]:
        found: list[int] = self._worker.pool.info.get("processes", [])
        return found

    def _count_waiting(self) -> int:
        queues = self._worker.app.amqp.queues.consume_from
        return sum(messages.count_waiting(queue) for queue in queues)

    def _end_worker(self, event: str, **fields: object) -> NoReturn:
        """Ask the worker to stop, so that other tasks can end; then end it in any case."""
        try:
            ending.report(event, **fields)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(stopping.PATIENCE_SECONDS + EXTRA_SECONDS)
            for child in self._children():
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        finally:
            os._exit(1)
