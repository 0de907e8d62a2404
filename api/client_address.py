"""Where a request comes from, as the rate limits see it: never what a client can make up."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.throttling import BaseThrottle


def address_of(request: HttpRequest) -> str | None:
    """`AXES_CLIENT_IP_CALLABLE`: the client's address, through `NUM_PROXIES` proxies."""
    for text in (BaseThrottle().get_ident(request), request.META.get("REMOTE_ADDR")):  # type: ignore[arg-type]
        try:
            return str(ipaddress.ip_address(text or ""))
        except ValueError:
            continue
    return None


class ClientAddress:
    """Middleware: every log line of the request says `address`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        structlog.contextvars.bind_contextvars(address=address_of(request))
        return self.get_response(request)
