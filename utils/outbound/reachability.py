"""The check of an address when a user sets it, before any request to it."""

from __future__ import annotations

from django.conf import settings

from utils.outbound.client import Client
from utils.outbound.errors import OutboundError
from utils.slots import Slots

# How long a request may wait for a name server, and how many requests of a process may wait at a
# time. Both are limited because the owner of the name can make its name server slow.
LOOKUP_SECONDS = 3.0
lookups = Slots(settings.MAX_WAITING_REQUESTS)


def require_reachable(url: str) -> None:
    """Raise an `OutboundError` at `/url` for an address that can never be reached.

    A name that cannot be looked up now is accepted, even if the reason is that too many lookups
    are running: every attempt looks the name up again.
    """
    try:
        with lookups.hold() as look_up:
            Client().check(url, seconds=LOOKUP_SECONDS, look_up=look_up)
    except OutboundError as error:
        if not error.transient:
            raise type(error)(
                error.detail, pointer="/url", limit=error.limit, actual=error.actual
            ) from error
