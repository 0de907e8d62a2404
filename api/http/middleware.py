"""What concerns every request before a view sees it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.http import plain_problems

GetResponse = Callable[[HttpRequest], HttpResponseBase]

_WELL_FORMED_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class RequestId:
    """Give every request an id, taken from `X-Request-ID` if well-formed, and answer with it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _WELL_FORMED_ID.fullmatch(given) else uuid.uuid4().hex
        # django_structlog reads the header, so that every log line has the same id.
        request.META["HTTP_X_REQUEST_ID"] = request_id
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class ProblemsInsteadOfPages:
    """Let what fails before or around a view of the API be a problem too, never an HTML page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return plain_problems.instead_of_page(request, self.get_response(request))


class OptionalSlash:
    """Let `/api/images` be `/api/images/` for every method, without a redirect."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/api/") and not request.path_info.endswith("/"):
            request.path_info += "/"
            request.path += "/"
        return self.get_response(request)


class RateLimitHeaders:
    """Tell the caller the tightest limit that was counted for this request."""

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
