"""A server that accepts envelopes as Sentry does and keeps the events in them."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.threads import await_end


class Sentry:
    """`events` are those that arrived, and `kinds` are the types of all items."""

    def __init__(self, port: int) -> None:
        self.dsn = f"http://key@127.0.0.1:{port}/1"
        self.events: list[dict[str, Any]] = []
        self.kinds: list[str] = []

    def accept(self, envelope: bytes) -> None:
        """Read an envelope: a line with its header, then a header and the content of each item."""
        rest = envelope.partition(b"\n")[2]
        while rest:
            line, _, rest = rest.partition(b"\n")
            header = json.loads(line)
            content, rest = rest[: header["length"]], rest[header["length"] :].lstrip(b"\n")
            self.kinds.append(header["type"])
            if header["type"] == "event":
                self.events.append(json.loads(content))


class _Ingest(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.sentry.accept(body)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Write no access log."""


@contextmanager
def accepting() -> Iterator[Sentry]:
    """Yield the server."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Ingest)
    server.sentry = Sentry(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.sentry
    finally:
        server.shutdown()
        await_end(thread)
        server.server_close()
