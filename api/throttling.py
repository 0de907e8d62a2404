"""Rate limits, counted atomically in the shared cache.

A fixed window per (limit, who): `add` starts it, `incr` counts in it. DRF's own throttles read a
list and write it back, so parallel requests slip past them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.client_address import counted_as

if TYPE_CHECKING:  # rest_framework.views imports this module through the settings
    from rest_framework.views import APIView

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class RateCount:
    """Where one limit stands after this request was counted; times in seconds."""

    name: str
    limit: int
    window: int
    used: int
    reset_after: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


def count_request(name: str, who: str) -> RateCount:
    """Count one request of `who` against the rate called `name` in `settings.THROTTLE_RATES`."""
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


class RateThrottle(BaseThrottle):
    """Base: asks `rates_for` which rates concern the request; it is counted for the caller."""

    refused: RateCount | None = None

    def rates_for(self, request: Request, view: APIView) -> Sequence[str]:
        """Names of rates; none when this throttle does not concern the request."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether it is within every rate; one that is exceeded keeps it from the next ones."""
        plain: Any = request._request
        for name in self.rates_for(request, view) if settings.RATE_LIMITS else ():
            count = count_request(name, caller(request))
            plain.rate_counts = [*getattr(plain, "rate_counts", []), count]
            if count.used > count.limit:
                self.refused = count
                return False
        return True

    def wait(self) -> float | None:
        return float(self.refused.reset_after) if self.refused else None


def caller(request: Request) -> str:
    """Who a request is counted for: the user, else the address (as `NUM_PROXIES` allows)."""
    if request.user and request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"ip-{counted_as(request._request)}"


class AnonRateThrottle(RateThrottle):
    """`ANON_THROTTLE_RATE`, for requests without a user."""

    def rates_for(self, request: Request, view: APIView) -> Sequence[str]:
        return () if request.user and request.user.is_authenticated else ("anon",)


class UserRateThrottle(RateThrottle):
    """`USER_THROTTLE_RATE`, for signed-in users."""

    def rates_for(self, request: Request, view: APIView) -> Sequence[str]:
        return ("user",) if request.user and request.user.is_authenticated else ()


class ScopeRateThrottle(RateThrottle):
    """The rates named by the view's `rate_scope` (one, or several), for requests that change
    something."""

    def rates_for(self, request: Request, view: APIView) -> Sequence[str]:
        scope: str | tuple[str, ...] = getattr(view, "rate_scope", ())
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return ()
        return (scope,) if isinstance(scope, str) else scope
