"""Receive the body of a request in the event loop, before Django gets the request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings

from api.requests.parsers import BodyTooLarge
from image_processing_service.web.pace import GRACE_SECONDS, seconds_for
from image_processor.engine.errors import FileTooLarge
from image_processor.storage.errors import translate_os_error
from utils.errors import DomainError

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

# A body up to this size is kept in memory, a larger one in a temporary file.
IN_MEMORY = 64 * 1024


class ClientGone(Exception):
    """The client has disconnected before its request was complete."""


class RequestTooSlow(DomainError):
    code = "request_too_slow"
    status = 408
    title = "Request too slow"


class Body:
    """The received body. `is_complete` is False if the client sends more than any route takes.

    The routes have limits of their own, which count what was received.
    """

    def __init__(self) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - `close` closes it
        self.size = 0
        self.is_complete = False

    async def receive(self, receive: Receive, environ: Mapping[str, Any]) -> None:
        """Receive the body. Raises `ClientGone` or a `DomainError`."""
        is_form = environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")
        most = _most_bytes(is_form)
        declared = _declared(environ)
        if declared > most:
            raise _too_large(is_form, declared)
        seconds = seconds_for(min(most, declared or most))
        try:
            await self._receive(receive, most, seconds)
        except TimeoutError:
            raise RequestTooSlow(
                f"The body must arrive within {seconds:.0f} seconds, and no pause may be longer "
                f"than {GRACE_SECONDS:.0f}; {self.size} bytes have arrived.",
                limit=round(seconds),
            ) from None
        except OSError as error:
            raise translate_os_error(error) from error
        self.file.seek(0)

    async def _receive(self, receive: Receive, most: int, seconds: float) -> None:
        """Receive pieces until the body is complete or too large. Raises `TimeoutError`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not self.is_complete and self.size <= most:
            # The deadline is compared each time: the server's `receive` uses `asyncio.wait_for`,
            # which before Python 3.12 can lose a time-out that comes together with a piece.
            if loop.time() > deadline:
                raise TimeoutError
            async with asyncio.timeout_at(min(deadline, loop.time() + GRACE_SECONDS)):
                message = await receive()
            self._add(message)

    def _add(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        self.file.write(piece)
        self.size += len(piece)
        self.is_complete = not message.get("more_body", False)

    @property
    def descriptor(self) -> int | None:
        """Of the temporary file; None if the body is in memory."""
        return self.file.fileno() if self.size > IN_MEMORY else None

    def close(self) -> None:
        """Delete what was received."""
        self.file.close()


def longest_seconds() -> float:
    """The time of the largest body that any route takes."""
    return seconds_for(_most_bytes(is_form=True))


def has_body(environ: Mapping[str, Any]) -> bool:
    """Whether the client announced a body."""
    return _declared(environ) > 0 or "HTTP_TRANSFER_ENCODING" in environ


def _declared(environ: Mapping[str, Any]) -> int:
    """The size that the client announced, or 0. The server has checked the header."""
    return int(environ.get("CONTENT_LENGTH") or 0)


def _most_bytes(is_form: bool) -> int:
    """The most that any route takes: a file with fields, or a body that is read into memory."""
    texts: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return texts + _file_limit() if is_form else texts


def _file_limit() -> int:
    limit: int = settings.IMAGE_MAX_FILE_SIZE_MB * 1024 * 1024
    return limit


def _too_large(is_form: bool, size: int) -> DomainError:
    if is_form:
        detail = f"The file is larger than {settings.IMAGE_MAX_FILE_SIZE_MB} MB."
        return FileTooLarge(detail, limit=_file_limit(), actual=size)
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return BodyTooLarge(f"The body is larger than {limit} bytes.", limit=limit, actual=size)
