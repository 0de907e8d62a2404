"""Multipart forms of uploads: large, and with file names in another encoding than UTF-8."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http.multipartparser import MAX_TOTAL_HEADER_SIZE  # type: ignore[attr-defined]
from django.utils.http import parse_header_parameters

from api.requests.file_form import FileFormParser
from api.requests.part_headers import END, to_utf8
from api.requests.received_form import KEY, ReceivedForm
from api.requests.upload_handlers import ReceivedUpload


class UploadParser(FileFormParser):
    """Parse a multipart form. Headers of parts that are not UTF-8 are taken for Latin-1."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        boundary = parse_header_parameters(media_type or "")[1].get("boundary")
        if boundary:
            request = (parser_context or {})["request"]
            stream = _open(request, stream, boundary.encode("ascii", "replace"))
        return super().parse(stream, media_type, parser_context)


def _open(request: Any, stream: Any, boundary: bytes) -> Any:
    """The form as a stream for Django's parser."""
    file = request.META.get(KEY)
    if file is None:
        return RecodedHeaders(stream, boundary)
    form = ReceivedForm(file, boundary)
    request.upload_handlers = [ReceivedUpload(form, request), *request.upload_handlers]
    return form


class RecodedHeaders:
    """A stream of a multipart form, with the headers of its parts in UTF-8."""

    def __init__(self, source: Any, boundary: bytes) -> None:
        self._source = source
        self._delimiter = b"--" + boundary
        self._held = b""

    def read(self, size: int) -> bytes:
        """The next bytes, about `size`; nothing at the end of the form."""
        while True:
            piece = self._source.read(size)
            ready, self._held = self._recode(self._held + piece, is_last=not piece)
            if ready or not piece:
                return ready

    def _recode(self, data: bytes, *, is_last: bool) -> tuple[bytes, bytes]:
        """The bytes that are ready, and those that need to be seen with the next ones."""
        done: list[bytes] = []
        place = 0
        while (found := data.find(self._delimiter, place)) >= 0:
            start = found + len(self._delimiter)
            end = data.find(END, start, start + MAX_TOTAL_HEADER_SIZE)
            is_incomplete = end < 0 and len(data) < start + MAX_TOTAL_HEADER_SIZE
            if is_incomplete and not is_last:
                return b"".join([*done, data[place:found]]), data[found:]
            end = max(end, start)
            done += [data[place:start], to_utf8(data[start:end])]
            place = end
        # The last bytes may be the start of a delimiter.
        held = 0 if is_last else len(self._delimiter) - 1
        stop = max(place, len(data) - held)
        return b"".join([*done, data[place:stop]]), data[stop:]
