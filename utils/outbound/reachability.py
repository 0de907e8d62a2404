"""The check of an address when a user sets it, before any request to it."""

from __future__ import annotations

import socket

from django.conf import settings

from utils.outbound import network
from utils.outbound.client import Client
from utils.outbound.errors import OutboundError
from utils.slots import Slots

# How long a request may wait for a name server, and how many lookups may run in a process at a
# time. Both are limited because the owner of the name can make its name server slow. A lookup
# cannot be ended: it counts until the system's resolver gives up, which takes much longer.
LOOKUP_SECONDS = 1.0
lookups = Slots(settings.MAX_WAITING_REQUESTS)


def require_reachable(url: str) -> None:
    """Raise an `OutboundError` at `/url` for an address that can never be reached.

    A name that cannot be looked up now is accepted, even if the reason is that too many lookups
    are running: every attempt looks the name up again.
    """
    try:
        Client(resolve=_look_up).check(url, seconds=LOOKUP_SECONDS)
    except OutboundError as error:
        if not error.transient:
            raise type(error)(
                error.detail, pointer="/url", limit=error.limit, actual=error.actual
            ) from error


def _look_up(host: str) -> list[str]:
    """Resolve a name if few lookups are running; otherwise fail as if no server answered."""
    with lookups.hold() as is_free:
        if not is_free:
            raise socket.gaierror(socket.EAI_AGAIN, "Too many lookups are running.")
        return network.resolve(host)
