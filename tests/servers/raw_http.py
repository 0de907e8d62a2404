"""An HTTP server that answers with any bytes, valid or not."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

from tests.threads import await_end

Behave = Callable[[socket.socket], None]


class Server:
    """Reads the head of each request, then calls `behave` with the connection."""

    def __init__(
        self,
        behave: Behave,
        tls: ssl.SSLContext | None = None,
        *,
        at: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        self.requests: list[bytes] = []
        self._behave = behave
        self._tls = tls
        self._listener = socket.create_server(at)
        self.host, self.port = self._listener.getsockname()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def url(self, path: str = "/", host: str = "", scheme: str = "http") -> str:
        return f"{scheme}://{host or self.host}:{self.port}{path}"

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with suppress(OSError), connection:
                connection.settimeout(10)
                if not self._one(connection):
                    return

    def _one(self, connection: socket.socket) -> bool:
        if connection.recv(1, socket.MSG_PEEK) == b"\0":
            return False
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True)
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65_536)
                if not received:
                    return True
                head += received
            self.requests.append(head)
            self._behave(connection)
            # Read until the client has closed: unread bytes would cause a reset.
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass
        return True

    def close(self) -> None:
        with socket.create_connection((self.host, self.port)) as end:
            end.sendall(b"\0")
            await_end(self._thread)
        self._listener.close()


def ok(body: bytes, *headers: str) -> bytes:
    """Return a complete answer."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
