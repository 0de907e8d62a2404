"""A WSGI application for the tests of the web worker, with small and large answers."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

from image_processing_service.web_worker import PacedSocket, PacedThreads

MANY = 20_000_000


class Hasty(PacedSocket):
    """A socket that waits only half a second for slow clients."""

    grace = 0.5


class HastyThreads(PacedThreads):
    connection = Hasty


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer `/` with the digest of the body, `/bytes` and `/file` with many bytes."""
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/file":
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the server closes it
        file.write(bytes(MANY))
        file.seek(0)
        start_response("200 OK", [("Content-Length", str(MANY))])
        return environ["wsgi.file_wrapper"](file)  # type: ignore[no-any-return]
    answer = bytes(MANY) if environ["PATH_INFO"] == "/bytes" else _digest(body)
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
