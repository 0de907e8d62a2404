"""Answer requests that the web server refused before their bodies were complete."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.http import error_handlers

# Where the web server puts the `DomainError` with which it refuses a request.
KEY = "request.refusal"


class RefusedRequests:
    """Middleware that answers a refused request with its problem."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        error = request.META.get(KEY)
        return error_handlers.domain_error(request, error) if error else self.get_response(request)
