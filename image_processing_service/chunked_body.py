"""Bodies that come in chunks, without a Content-Length.

Django takes a request without a Content-Length for empty. gunicorn puts chunks together and marks
the end of the stream, so the body can be read until it ends.
"""

from __future__ import annotations

from io import IOBase
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]


class ChunkedBody(IOBase):
    """The stream of a chunked body. Broken chunks raise `OSError`, like a lost connection."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._first = b""
        self._error: OSError | None = None

    def is_empty(self) -> bool:
        """Whether the body ends before its first byte. A broken body is not empty."""
        try:
            self._first = self.read(1)
        except OSError:
            return False
        return not self._first

    def read(self, size: int = -1, /) -> bytes:
        if size == 0:
            return b""
        first, self._first = self._first, b""
        if len(first) == size:
            return first
        if self._error is not None:  # gunicorn reports it once, and then an end of the body
            raise self._error
        try:
            rest: bytes = self._stream.read(size - len(first) if size > 0 else size)
        except (ParseException, OSError) as error:
            self._error = OSError(f"The chunks of the body are broken: {error}.")
            raise self._error from error
        return first + rest


class Request(WSGIRequest):
    """A request whose body may come in chunks.

    The limits of sizes count what is read: no limit relies on the Content-Length alone. It only has
    to be a number at which Django still parses the body and keeps no file in memory.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        body = None
        if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated"):
            body = ChunkedBody(environ["wsgi.input"])
            length = 0 if body.is_empty() else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            environ = {**environ, "CONTENT_LENGTH": str(length), "wsgi.input": body}
        super().__init__(environ)
        if body is not None:
            self._stream = body  # type: ignore[assignment]  # Django's own is of this kind


class Handler(WSGIHandler):
    """Django's WSGI application, for bodies with a length and for chunked ones."""

    request_class = Request
