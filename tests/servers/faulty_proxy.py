"""A proxy in front of an object store that delays, resets, refuses or truncates answers."""

from __future__ import annotations

import http.client
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.threads import await_end

SLOW_DOWN = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Slow down</Message></Error>"
# Faults of a request. In all but the first two, the store has executed the request.
FAULTS = ("slow_down", "reset", "reset_afterwards", "cut_short", "late")
HEADERS_OF_THE_PROXY = {"connection", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class Weather:
    """The faults of requests; may be changed at any time.

    `share` (0..1) is the share of requests that meet one of `faults`. Every request is delayed by
    up to `delay` seconds at random, late ones by `lateness` additional seconds.
    """

    share: float = 0.0
    faults: tuple[str, ...] = FAULTS
    delay: float = 0.0
    lateness: float = 2.0
    seen: Counter[str] = field(default_factory=Counter)
    dice: random.Random = field(default_factory=lambda: random.Random(0))

    def next(self) -> str:
        """Choose the fault of the next request, or "passed"."""
        kind = self.dice.choice(self.faults) if self.dice.random() < self.share else "passed"
        self.seen[kind] += 1
        return kind


@contextmanager
def faulty_proxy(store: str) -> Iterator[tuple[str, Weather]]:
    """Yield the address of a proxy in front of the store, and its weather (without faults)."""
    weather = Weather()
    target = urlsplit(store)

    class Handler(_Handler):
        pass

    Handler.weather = weather
    Handler.target = (str(target.hostname), int(target.port or 80))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", weather
    finally:
        server.shutdown()
        server.server_close()
        await_end(thread)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    weather: Weather
    target: tuple[str, int]

    def handle_request(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.weather.next()
        time.sleep(self.weather.dice.random() * self.weather.delay)
        if kind == "slow_down":
            self._answer(503, {"Content-Type": "application/xml"}, SLOW_DOWN)
            return
        if kind == "reset":
            self._reset()
            return
        status, headers, content = self._ask_store(body)
        if kind == "reset_afterwards":
            self._reset()
            return
        if kind == "late":
            time.sleep(self.weather.lateness)
        self._answer(status, headers, content, cut=kind == "cut_short")

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_request

    def _ask_store(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(*self.target, timeout=60)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() != "expect"}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            kept = {k: v for k, v in answer.getheaders() if k.lower() not in HEADERS_OF_THE_PROXY}
            if self.command == "HEAD":
                kept["Content-Length"] = answer.getheader("Content-Length", "0")
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def _answer(
        self, status: int, headers: dict[str, str], content: bytes, *, cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.close_connection = True

    def _reset(self) -> None:
        """Close the connection with a reset instead of an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        # Before the handler's own orderly shutdown.
        self.connection.close()

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):  # after a reset
            return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""
