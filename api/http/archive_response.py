"""Responses that stream archives: few at a time, and without a database connection."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from image_processor.jobs.connections import let_go
from image_processor.library import archives
from utils.errors import DomainError


class TooManyDownloads(DomainError):
    code = "too_many_downloads"
    status = 503
    title = "Too many downloads at a time"


class _Places:
    """Limits the downloads that this process sends at a time: each occupies a web thread.

    One user has at most half of the places, so a slow client does not block the others.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[int] = Counter()

    def take(self, owner_id: int) -> None:
        """Raises `TooManyDownloads`."""
        limit = settings.MAX_WAITING_REQUESTS
        own_limit = max(1, limit // 2)
        with self._lock:
            taken, own = self._taken.total(), self._taken[owner_id]
            if own >= own_limit:
                raise TooManyDownloads(
                    f"You are downloading {own} archives already; {own_limit} are allowed at a "
                    "time. Try again when one is done.",
                    limit=own_limit,
                    actual=own + 1,
                )
            if taken >= limit:
                raise TooManyDownloads(
                    f"{taken} archives are being downloaded already; {limit} are allowed at a "
                    "time. Try again soon.",
                    limit=limit,
                    actual=taken + 1,
                )
            self._taken[owner_id] += 1

    def leave(self, owner_id: int) -> None:
        with self._lock:
            self._taken[owner_id] -= 1
            self._taken += Counter()  # drops the users without a download


_places = _Places()


class _Sending:
    """The bytes of the archive. Closing it gives its place back."""

    def __init__(self, pieces: Iterator[bytes], owner_id: int) -> None:
        self._pieces = pieces
        self._owner_id = owner_id
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Called by the web server at the end, also after an error or a disconnection."""
        if self._open:
            self._open = False
            self._pieces.close()  # type: ignore[attr-defined]
            _places.leave(self._owner_id)


def archive_response(
    entries: Sequence[archives.Entry], name: str, *, owner_id: int
) -> StreamingHttpResponse:
    """A ZIP of the entries, sent while it is made. Raises `TooManyDownloads`."""
    _places.take(owner_id)
    let_go()
    response = StreamingHttpResponse(
        _Sending(archives.stream(entries), owner_id), content_type="application/zip"
    )
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
