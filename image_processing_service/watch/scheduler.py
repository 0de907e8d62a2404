"""The watch of the scheduler: a thread that ends the process if the schedule stands still."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import structlog

from image_processing_service.watch import pulse
from image_processing_service.watch.clock import RunningTime

LONGEST_INTERVAL = 5.0

log = structlog.get_logger(__name__)


def start(service: Any) -> None:
    """Watch Celery's beat service from a thread."""
    threading.Thread(target=_watch, args=[service], name="scheduler-watch", daemon=True).start()


def _watch(service: Any) -> None:
    """Touch the pulse file while the scheduler makes its rounds, and end the process otherwise.

    A round takes `beat_max_loop_interval` at most, plus the time-outs of a broker that is away.
    """
    from django.conf import settings

    interval = min(LONGEST_INTERVAL, settings.HANG_SECONDS / 4)
    allowed = service.scheduler.max_interval + settings.HANG_SECONDS
    clock = RunningTime(interval)
    last_round, seen_at = service._last_tick, 0.0
    while True:
        time.sleep(interval)
        now = clock.advance()
        if service._last_tick != last_round:
            last_round, seen_at = service._last_tick, now
        if now - seen_at > allowed:
            log.critical("scheduler_hangs", seconds=round(now - seen_at))
            os._exit(1)
        pulse.touch(settings.PULSE_FILE)
