"""Archives as responses: few at a time in one process, and without a database connection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from image_processor.jobs.connection import close_idle_connection
from image_processor.library import archives
from utils.errors import DomainError
from utils.slots import NoFreeSlot, Slots

# Each download keeps a piece of the archive and a connection to the storage for as long as the
# client reads.
_slots = Slots(settings.MAX_WAITING_REQUESTS, per_owner=settings.MAX_WAITING_REQUESTS_OF_ONE_USER)


class TooManyDownloads(DomainError):
    code = "too_many_downloads"
    status = 503
    title = "Too many archive downloads at once"


class _ArchiveStream:
    """The bytes of an archive. Holds a slot until the web server closes the response."""

    def __init__(self, pieces: Iterator[bytes], owner_id: int) -> None:
        self._pieces = pieces
        self._owner_id = owner_id
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Give back the slot. The web server calls this after the response, sent or not."""
        if self._open:
            self._open = False
            self._pieces.close()  # type: ignore[attr-defined]
            _slots.release(self._owner_id)


def archive_response(
    entries: Sequence[archives.Entry], name: str, *, owner_id: int
) -> StreamingHttpResponse:
    """Return a ZIP of these entries that is made while it is sent. Raises `TooManyDownloads`."""
    try:
        _slots.take(owner_id)
    except NoFreeSlot as full:
        raise _refusal(full) from full
    close_idle_connection()
    response = StreamingHttpResponse(
        _ArchiveStream(archives.stream(entries), owner_id), content_type="application/zip"
    )
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _refusal(full: NoFreeSlot) -> TooManyDownloads:
    if full.of_owner:
        detail = (
            f"You are downloading {full.limit} archives already; at most {full.limit} are allowed "
            "at a time. Try again when one is done."
        )
    else:
        detail = (
            f"{full.limit} archives are being downloaded already; at most {full.limit} are "
            "allowed at a time. Try again soon."
        )
    return TooManyDownloads(detail, limit=full.limit, actual=full.limit + 1)
