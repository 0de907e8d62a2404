"""The answer to a sign-in at a locked account."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from api.http import error_handlers


def answer(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """`AXES_LOCKOUT_CALLABLE`: 429 `locked_out`; plain text for the admin's login page."""
    seconds = _seconds_left(request, credentials)
    headers = {"Retry-After": str(seconds)}
    detail = (
        f"Too many failed sign-ins (limit {settings.AXES_FAILURE_LIMIT}) for this account from "
        f"this address. Try again in {seconds} seconds."
    )
    if request.path.startswith("/api/"):
        return error_handlers.plain_response(request, 429, "locked_out", detail, headers)
    return HttpResponse(detail, status=429, headers=headers, content_type="text/plain")


def _seconds_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    handler = AxesProxyHandler.get_implementation()
    attempts = [row for rows in handler.get_user_attempts(request, credentials) for row in rows]
    last = max((row.attempt_time for row in attempts), default=timezone.now())
    left: float = (last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()
    return max(1, round(left))
