"""Stop the work on an answer that nobody waits for any more."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from image_processor.transform import answers

# Seconds between two checks, each of which asks Redis. The engine calls its checkpoint more often.
CHECK_SECONDS = 0.25


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


def abandonment_check(key: str) -> Callable[[float], None]:
    """A checkpoint for the engine. It raises `Abandoned` once nobody waits for the answer."""
    checked_at = -math.inf

    def check(progress: float) -> None:
        nonlocal checked_at
        now = time.monotonic()
        if now - checked_at < CHECK_SECONDS:
            return
        checked_at = now
        if answers.is_abandoned(key):
            raise Abandoned

    return check
