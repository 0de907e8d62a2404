"""Rate limits as throttles of Django REST framework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.http.client_address import counted_as
from utils.rate_counts import RateCount, count_request

if TYPE_CHECKING:  # rest_framework.views imports this module through the settings
    from rest_framework.views import APIView


class RateThrottle(BaseThrottle):
    """Base class: counts a request for its caller in every rate that `rates_for` names."""

    refused: RateCount | None = None

    def rates_for(self, request: Request, view: APIView) -> Sequence[str]:
        """The names of the rates that limit the request."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the request is within every rate. Counting stops at the first exceeded rate."""
        for name in self.rates_for(request, view) if settings.RATE_LIMITS else ():
            self.refused = _count(request, name, caller(request))
            if self.refused:
                return False
        return True

    def wait(self) -> float | None:
        return float(self.refused.reset_after) if self.refused else None


def caller(request: Request) -> str:
    """Return the key that a request counts for: the user, or else the client's address."""
    if request.user and request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"ip-{counted_as(request._request)}"


def require_within(request: Request, name: str, *, by_address: bool = False) -> None:
    """Count the request in a rate that only some requests of a view count in. Raises `Throttled`.

    `by_address`: count for the client's address, because nobody is signed in yet.
    """
    if not settings.RATE_LIMITS:
        return
    who = f"ip-{counted_as(request._request)}" if by_address else caller(request)
    if refused := _count(request, name, who):
        raise Throttled(wait=refused.reset_after)


def _count(request: Request, name: str, who: str) -> RateCount | None:
    """Count the request, for the headers of the answer, too. Return the rate if it is exceeded."""
    count = count_request(name, who)
    plain: Any = request._request
    plain.rate_counts = [*getattr(plain, "rate_counts", []), count]
    if count.used > count.limit:
        return count
    return None


class AnonRateThrottle(RateThrottle):
    """`ANON_THROTTLE_RATE`, for requests without a user."""

    def rates_for(self, request: Request, view: APIView) -> Sequence[str]:
        return () if request.user and request.user.is_authenticated else ("anon",)


class UserRateThrottle(RateThrottle):
    """`USER_THROTTLE_RATE`, for signed-in users."""

    def rates_for(self, request: Request, view: APIView) -> Sequence[str]:
        return ("user",) if request.user and request.user.is_authenticated else ()


class ScopeRateThrottle(RateThrottle):
    """The rates that the view names in `rate_scope`, for requests that change something."""

    def rates_for(self, request: Request, view: APIView) -> Sequence[str]:
        scope: str | tuple[str, ...] = getattr(view, "rate_scope", ())
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return ()
        return (scope,) if isinstance(scope, str) else scope
