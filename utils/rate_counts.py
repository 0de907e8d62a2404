"""Counts requests in fixed windows, atomically in the shared cache.

Each limit and subject has one window: `add` starts it, `incr` counts in it. DRF's own throttles
read a list and write it back, so parallel requests can exceed their limits.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class RateCount:
    """The state of one limit after a request was counted; times in seconds."""

    name: str
    limit: int
    window: int
    used: int
    reset_after: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


def count_request(name: str, who: str) -> RateCount:
    """Count one request of `who` against `settings.THROTTLE_RATES[name]`."""
    amount, _, period = settings.THROTTLE_RATES[name].partition("/")
    window = _SECONDS[period]
    number, elapsed = divmod(int(time.time()), window)
    key = f"rate:{name}:{who}:{number}"
    cache.add(key, 0, timeout=window + 5)
    try:
        used = cache.incr(key)
    except ValueError:  # the window ended between the two calls
        used = 1
    return RateCount(name, int(amount), window, used, window - elapsed)
