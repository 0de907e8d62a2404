"""The watch of the scheduler: a thread that ends the process if the schedule stands still."""

from __future__ import annotations

import os
import threading
import time
from typing import Any, NoReturn

from django.conf import settings

from image_processing_service.watch import ending, pulse
from image_processing_service.watch.clock import RunningTime

LONGEST_INTERVAL = 5.0


def start(service: Any) -> None:
    """Watch Celery's beat service from a thread."""
    threading.Thread(target=run, args=[service], name="scheduler-watch", daemon=True).start()


def run(service: Any) -> NoReturn:
    """Watch the service, and end the process if it hangs or if the watch fails."""
    try:
        ending.report("scheduler_hangs", seconds=round(_watch(service)))
    except Exception as error:  # noqa: BLE001 - unwatched, the process could hang for ever
        ending.report("scheduler_watch_failed", exc_info=error)
    finally:
        os._exit(1)


def _watch(service: Any) -> float:
    """Touch the pulse file while the scheduler makes its rounds; then return for how long it hangs.

    A round takes `beat_max_loop_interval` at most, plus the time-outs of a broker that is away.
    """
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
            return now - seen_at
        pulse.touch(settings.PULSE_FILE)
