"""A server that behaves as the network at its worst: it stands for what is between, not for us."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.threads import await_end

Answer = Callable[["Handler"], None]


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Faulty:
    """Gives the scripted answers one after the other, then repeats the last."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        host, port = server.server_address[:2]
        self.url = f"http://{host!s}:{port}"

    def answers(self, *answers: Answer) -> None:
        self._server.script.extend(answers)

    @property
    def seen(self) -> list[Seen]:
        return self._server.seen


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: deque[Answer] = deque()
        self.seen: list[Seen] = []
        self.lock = threading.Lock()
        self.closing = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that gave up is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        kept = bytearray()
        while length:
            chunk = self.rfile.read(min(length, 65536))
            length -= len(chunk)
            if len(kept) < 100_000:  # a large upload is only counted
                kept += chunk
        with self.server.lock:
            seen = Seen(self.command, self.path, dict(self.headers), bytes(kept))
            self.server.seen.append(seen)
            script = self.server.script
            answer = script.popleft() if len(script) > 1 else script[0]
        answer(self)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Nothing."""


def ok(body: Any, status: int = 200, **headers: str) -> Answer:
    """JSON, as the service answers."""
    return _with_body(status, json.dumps(body).encode(), "application/json", headers)


def refused(status: int, code: str, *, headers: Mapping[str, str] | None = None, **members: Any):
    """A problem document."""
    body = {"status": status, "code": code, "detail": f"This is {code}.", **members}
    kind = "application/problem+json"
    return _with_body(status, json.dumps(body).encode(), kind, headers or {})


def page(status: int) -> Answer:
    """What a proxy says when the service behind it does not answer."""
    return _with_body(status, b"<html><h1>Oh no</h1></html>", "text/html", {})


def content(body: bytes, **headers: str) -> Answer:
    return _with_body(200, body, "image/png", headers)


def reset(handler: Handler) -> None:
    """The connection is gone, without a word."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True
    handler.connection.close()


def silence(handler: Handler) -> None:
    """No answer, as long as the test runs."""
    handler.close_connection = True
    handler.server.closing.wait()


def half(body: bytes) -> Answer:
    """A body that breaks off in the middle."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def _with_body(status: int, body: bytes, kind: str, headers: Mapping[str, str]) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        sent = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
        for name, value in sent.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def faulty() -> Iterator[Faulty]:
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Faulty(server)
    finally:
        server.closing.set()
        server.shutdown()
        await_end(thread)
        server.server_close()
