"""A server that receives webhooks: it keeps all messages and sends scripted answers."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Any

from standardwebhooks.webhooks import Webhook

from tests.servers.raw_http import Server


@dataclass(frozen=True)
class Message:
    """A received request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    def verified(self, secret: str) -> Any:
        """Verify the signature and return the content; raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


def status(code: int, *headers: str, body: bytes = b"") -> bytes:
    """Return a complete answer."""
    lines = [f"HTTP/1.1 {code} X", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Receiver:
    """Sends the `answers` in order, then 204.

    An answer is bytes, or a function that is called with the connection.
    """

    def __init__(self, *answers: Any, at: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.messages: list[Message] = []
        self.answers = list(answers)
        self._server = Server(self._receive, at=at)
        self.port = self._server.port
        self.close = self._server.close

    def url(self, path: str = "/hook", host: str = "") -> str:
        return self._server.url(path, host)

    def _receive(self, connection: socket.socket) -> None:
        head, _, body = self._server.requests[-1].partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        while len(body) < int(headers["content-length"]):
            received = connection.recv(65_536)
            if not received:
                return
            body += received
        self.messages.append(Message(first.split()[1], headers, body))
        answer = self.answers.pop(0) if self.answers else status(204)
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection)
