"""One line of the log for each request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from utils.logged_addresses import shorten_path

log = structlog.get_logger(__name__)

# A load balancer asks for these every few seconds. Only a failure tells something.
PROBES = frozenset({"/healthz", "/readyz"})
MAX_USER_AGENT = 300


class RequestLog:
    """Middleware that writes the line, and puts the request's id into all lines of the request.

    The line holds no query and only the beginning of a token in the path (`shorten_path`). The
    time ends when the answer is ready; a streamed answer is sent afterwards.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.META["HTTP_X_REQUEST_ID"])
        started = time.perf_counter()
        response = self.get_response(request)
        log.log(
            _level(request, response.status_code),
            "request",
            method=request.method,
            route=_route(request),
            path=shorten_path(request.path),
            status=response.status_code,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
            user_id=_user_id(request),
            user_agent=request.META.get("HTTP_USER_AGENT", "")[:MAX_USER_AGENT],
        )
        if not response.streaming:  # the lines of a streamed answer follow, and need the id
            structlog.contextvars.clear_contextvars()
        return response


def _level(request: HttpRequest, status: int) -> int:
    # Not an error: Sentry makes an event of every error, and what failed has logged its own.
    if status >= 500:
        return logging.WARNING
    return logging.DEBUG if request.path in PROBES else logging.INFO


def _route(request: HttpRequest) -> str | None:
    """Return the pattern of the path, such as `/api/v1/images/<int:pk>/`.

    None if middleware answered before a route was looked up, as it does for static files.
    """
    match = request.resolver_match
    return f"/{match.route}" if match else None


def _user_id(request: HttpRequest) -> int | None:
    """Return the signed-in user if the request has looked it up; the log causes no query."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)
