"""Detect whether the client has disconnected, also while a response waits for something."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator

from rest_framework.request import Request

SLICE_SECONDS = 1.0


def wait_slices(request: Request, seconds: float) -> Iterator[float]:
    """Split a wait into slices of at most `SLICE_SECONDS`, each to be spent by the caller.

    Ends when the seconds have passed, or before a slice when the client has disconnected.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not is_gone(request):
        yield min(SLICE_SECONDS, left)


def is_gone(request: Request) -> bool:
    """Return whether the client has closed the connection.

    False if the web server does not give its socket to the application; gunicorn does. A proxy in
    front of the service closes its connection when its own client disconnects.
    """
    connection: socket.socket | None = request.META.get("gunicorn.socket")
    if connection is None:
        return False
    try:
        readable = select.poll()
        readable.register(connection, select.POLLIN)
        return bool(readable.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):  # the client reset the connection, or this side has closed it
        return True
