"""Is whoever asked still there?"""

from __future__ import annotations

import select
import socket

from rest_framework.request import Request


def is_gone(request: Request) -> bool:
    """Whether the caller has closed the connection; False where the web server does not show it.

    gunicorn hands its socket on. A proxy in front closes it when its own caller goes away.
    """
    connection: socket.socket | None = request.META.get("gunicorn.socket")
    if connection is None:
        return False
    try:
        readable = select.poll()
        readable.register(connection, select.POLLIN)
        return bool(readable.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):  # it was reset, or closed on our side
        return True
