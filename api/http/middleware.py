"""Middleware that runs on every request."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.http import error_handlers

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_WELL_FORMED_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class RequestId:
    """Give every request an id: its `X-Request-ID` if well-formed, else a new one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _WELL_FORMED_ID.fullmatch(given) else uuid.uuid4().hex
        # Everything that needs the id takes it from this header.
        request.META["HTTP_X_REQUEST_ID"] = request_id
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class ProblemsInsteadOfPages:
    """Replace the error pages of requests under `/api/` by problem documents."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return error_handlers.instead_of_page(request, self.get_response(request))


class OptionalSlash:
    """Treat `/api/images` as `/api/images/` for every method, without a redirect."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/api/") and not request.path_info.endswith("/"):
            request.path_info += "/"
            request.path += "/"
        return self.get_response(request)


class RateLimitHeaders:
    """Send the rate limits that counted this request, and what is left of the tightest."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        counts = getattr(request, "rate_counts", [])
        if counts:
            response["RateLimit-Policy"] = ", ".join(
                f'"{count.name}";q={count.limit};w={count.window}' for count in counts
            )
            tightest = min(counts, key=lambda count: count.remaining)
            response["RateLimit"] = (
                f'"{tightest.name}";r={tightest.remaining};t={tightest.reset_after}'
            )
        return response
