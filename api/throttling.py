"""Rate limits, counted atomically in the shared cache.

A fixed window per (limit, who): `add` starts it, `incr` counts in it. DRF's own throttles read a
list and write it back, so parallel requests slip past them.
"""

from __future__ import annotations

import time
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
    """Base: asks `rate_for` which rate concerns the request, and whom to count it for."""

    count: RateCount | None = None

    def rate_for(self, request: Request, view: APIView) -> tuple[str, str] | None:
        """(name of the rate, who), or None when this throttle does not concern the request."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:
        rate = self.rate_for(request, view) if settings.RATE_LIMITS else None
        if rate is None:
            return True
        self.count = count_request(*rate)
        plain: Any = request._request
        plain.rate_counts = [*getattr(plain, "rate_counts", []), self.count]
        return self.count.used <= self.count.limit

    def wait(self) -> float | None:
        return float(self.count.reset_after) if self.count else None


def caller(request: Request) -> str:
    """Who a request is counted for: the user, else the address (as `NUM_PROXIES` allows)."""
    if request.user and request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"ip-{counted_as(request._request)}"


class AnonRateThrottle(RateThrottle):
    """`ANON_THROTTLE_RATE`, for requests without a user."""

    def rate_for(self, request: Request, view: APIView) -> tuple[str, str] | None:
        if request.user and request.user.is_authenticated:
            return None
        return "anon", caller(request)


class UserRateThrottle(RateThrottle):
    """`USER_THROTTLE_RATE`, for signed-in users."""

    def rate_for(self, request: Request, view: APIView) -> tuple[str, str] | None:
        if not (request.user and request.user.is_authenticated):
            return None
        return "user", caller(request)


class ScopeRateThrottle(RateThrottle):
    """The rate named by the view's `rate_scope`, for requests that change something."""

    def rate_for(self, request: Request, view: APIView) -> tuple[str, str] | None:
        scope = getattr(view, "rate_scope", None)
        if scope is None or request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        return scope, caller(request)
