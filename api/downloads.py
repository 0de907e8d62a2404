"""Archives on their way to whoever asked for them: few at a time, and without the database."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from image_processor.jobs.connections import let_go
from image_processor.services import archives
from utils.errors import DomainError


class TooManyDownloads(DomainError):
    code = "too_many_downloads"
    status = 503
    title = "Too many archives are being downloaded"


class _Places:
    """So many downloads that this process sends at a time: each keeps a web thread busy."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    def take(self) -> None:
        """Raises `TooManyDownloads`."""
        limit = settings.MAX_WAITING_REQUESTS
        with self._lock:
            if self._taken >= limit:
                raise TooManyDownloads(
                    f"{self._taken} archives are being downloaded already, as many as may be. "
                    "Try again soon.",
                    limit=limit,
                    actual=self._taken + 1,
                )
            self._taken += 1

    def leave(self) -> None:
        with self._lock:
            self._taken -= 1


_places = _Places()


class _Sending:
    """The archive's bytes; gives its place back when it was sent, or when nobody wants it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Called by the web server at the end, whatever it was."""
        if self._open:
            self._open = False
            self._pieces.close()  # type: ignore[attr-defined]
            _places.leave()


def archive_response(entries: Sequence[archives.Entry], name: str) -> StreamingHttpResponse:
    """A ZIP of these results, sent while it is made. Raises `TooManyDownloads`."""
    _places.take()
    let_go()
    response = StreamingHttpResponse(
        _Sending(archives.stream(entries)), content_type="application/zip"
    )
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
