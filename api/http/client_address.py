"""The address that a request comes from. A client cannot forge it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.throttling import BaseThrottle

# Some proxies append the port of the client: 192.0.2.7:50123, [2001:db8::7]:50123.
_WITH_PORT = re.compile(r"\[(?P<six>[^]]+)](:\d+)?|(?P<four>[\d.]+):\d+")
# The smallest network that an IPv6 provider assigns to a customer, in bits of its prefix.
_CUSTOMER = 64


def address_of(request: HttpRequest) -> str | None:
    """The client's address, through `NUM_PROXIES` proxies."""
    for text in (BaseThrottle().get_ident(request), request.META.get("REMOTE_ADDR")):  # type: ignore[arg-type]
        try:
            address = ipaddress.ip_address(_without_port(text or ""))
        except ValueError:
            continue
        return str(getattr(address, "ipv4_mapped", None) or address)
    return None


def counted_as(request: HttpRequest) -> str | None:
    """The address that rate limits and the lockout count for (`AXES_CLIENT_IP_CALLABLE`).

    An IPv6 address counts as the first of its network: a customer can choose among 2^64
    addresses, and each would bring new requests and new guesses at a password.
    """
    address = address_of(request)
    if address is None or ":" not in address:
        return address
    network = ipaddress.ip_network(f"{address.partition('%')[0]}/{_CUSTOMER}", strict=False)
    return str(network.network_address)


def _without_port(text: str) -> str:
    found = _WITH_PORT.fullmatch(text)
    return (found["six"] or found["four"]) if found else text


class ClientAddress:
    """Middleware that adds `address` to every log line of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        structlog.contextvars.bind_contextvars(address=address_of(request))
        return self.get_response(request)
