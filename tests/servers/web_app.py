"""An application behind the web server's front, with small and large answers."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()

from api.http import disconnection, refusal  # noqa: E402 - the applications are loaded now
from api.requests import received_form  # noqa: E402
from image_processing_service.web.front import Front  # noqa: E402
from image_processor.jobs import memory  # noqa: E402

MANY = 20_000_000


def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer `/` with the digest of the body, `/bytes`, `/file`, `/pieces` with many bytes.

    `/visit` lasts until its client has disconnected; `/arrivals` and `/departures` wait for one.
    After `/grow`, the process has too much memory. `/received` answers with the digest of the file
    that holds the body.
    """
    if error := environ.get(refusal.KEY):
        start_response(f"{error.status} Refused", [("Content-Length", str(len(error.code)))])
        return [error.code.encode()]
    path = environ["PATH_INFO"]
    if path == "/file":
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the server closes it
        file.write(bytes(MANY))
        file.seek(0)
        start_response("200 OK", [("Content-Length", str(MANY))])
        return environ["wsgi.file_wrapper"](file)  # type: ignore[no-any-return]
    if path == "/pieces":
        start_response("200 OK", [])
        return (bytes(50_000) for _ in range(MANY // 50_000))
    if path == "/visit":
        arrivals.release()
        assert environ[disconnection.KEY].wait(60)
        departures.release()
    if path == "/grow":
        memory.in_use = lambda: 1 << 50  # type: ignore[assignment]
    if path in WAITS:
        WAITS[path].acquire(timeout=60)
    answer = bytes(MANY) if path == "/bytes" else digest(environ["wsgi.input"].read())
    if path == "/received":
        answer = describe_received(environ[received_form.KEY])
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]


def describe_received(file: int | None) -> bytes:
    """The digest of a file; "in memory" if there is none."""
    return b"in memory" if file is None else digest(os.pread(file, MANY, 0))


arrivals, departures = threading.Semaphore(0), threading.Semaphore(0)
WAITS = {"/arrivals": arrivals, "/departures": departures}


def digest(received: bytes) -> bytes:
    """The size and the digest of a body."""
    return f"{len(received)} {hashlib.sha256(received).hexdigest()}".encode()


application = Front(respond, threads=8, per_address=64)
