"""Detect whether the client has disconnected."""

from __future__ import annotations

import select
import socket

from rest_framework.request import Request


def is_gone(request: Request) -> bool:
    """Whether the client has closed the connection; False if the web server hides its socket.

    gunicorn passes its socket on. A proxy in front closes the connection when its client does.
    """
    connection: socket.socket | None = request.META.get("gunicorn.socket")
    if connection is None:
        return False
    try:
        readable = select.poll()
        readable.register(connection, select.POLLIN)
        return bool(readable.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):  # the connection was reset, or this side closed it
        return True
