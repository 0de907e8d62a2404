"""Multipart forms that the web server has received into a file.

Django would copy each file of the form into another temporary file, piece by piece. Its parser
reads the form without the bytes of large files here, and each of them is a part of the received
form.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

from django.http.multipartparser import MAX_TOTAL_HEADER_SIZE  # type: ignore[attr-defined]
from django.utils.http import parse_header_parameters

from api.requests.part_headers import END, to_utf8
from utils.file_part import FilePart

# Where the web server puts the descriptor of the file, if it received the body into one.
KEY = "request.received_file"

# Smaller files stay in the form.
LARGE = 64 * 1024
_PIECE = 256 * 1024
# There is room for one more header.
_LONGEST_HEADERS = MAX_TOTAL_HEADER_SIZE - 100


class ReceivedForm:
    """A stream of the form without the bytes of its large files.

    The headers of such a file have a content type that only this form knows: `file` finds the file
    by it.
    """

    def __init__(self, file: int, boundary: bytes) -> None:
        self._file = file
        self._size = os.fstat(file).st_size
        self._delimiter = b"--" + boundary
        self._files: dict[str, FilePart] = {}
        self._secret = secrets.token_hex(16)  # no client can name a file that it did not send
        self._pieces = self._read_pieces()
        self._piece, self._piece_start = b"", 0

    def read(self, size: int) -> bytes:
        """The next bytes, at most about `_PIECE`; nothing at the end of the form."""
        return next(filter(None, self._pieces), b"")

    def file(self, content_type: str) -> FilePart | None:
        """The file that was left out of the form with this content type."""
        return self._files.get(content_type)

    def _read_pieces(self) -> Iterator[bytes]:
        done, delimiter = 0, self._find_delimiter(0)
        while delimiter < self._size:
            start = delimiter + len(self._delimiter)
            following = self._find_delimiter(start)
            headers, end, _ = os.pread(self._file, MAX_TOTAL_HEADER_SIZE, start).partition(END)
            content = start + len(headers) + len(end)
            # Django counts the parts meanwhile, and stops at too many.
            yield from self._read(done, start)
            done = start
            if end and content <= following:
                headers = to_utf8(headers)
                yield headers
                done = content - len(end)
                is_large = content + LARGE < following < self._size
                if is_large and len(headers) <= _LONGEST_HEADERS and _is_plain_file(headers):
                    done = self._without_line_end(following)
                    yield self._leave_out(content, done)
            delimiter = following
        yield from self._read(done, self._size)

    def _leave_out(self, start: int, end: int) -> bytes:
        """Keep the file; return the last header of its part, which names it."""
        name = f"{self._secret}/{len(self._files)}"
        self._files[name] = FilePart(self._file, start, end - start)
        return b"\r\nContent-Type: " + name.encode() + END

    def _find_delimiter(self, start: int) -> int:
        """The place of the next delimiter; the size of the form if there is none."""
        while True:
            if not 0 <= start - self._piece_start <= len(self._piece) - len(self._delimiter):
                self._piece, self._piece_start = os.pread(self._file, _PIECE, start), start
            found = self._piece.find(self._delimiter, start - self._piece_start)
            if found >= 0:
                return self._piece_start + found
            end = self._piece_start + len(self._piece)
            if end >= self._size:
                return self._size
            start = end - len(self._delimiter) + 1  # the piece may end within a delimiter

    def _without_line_end(self, end: int) -> int:
        """Where a content ends that is before a delimiter, as Django sees it."""
        before = os.pread(self._file, 2, end - 2)
        return end - 2 + len(before.removesuffix(b"\n").removesuffix(b"\r"))

    def _read(self, start: int, end: int) -> Iterator[bytes]:
        for place in range(start, end, _PIECE):
            yield os.pread(self._file, min(_PIECE, end - place), place)


def _is_plain_file(headers: bytes) -> bool:
    """Whether Django takes the part for a file, and does not have to decode its bytes."""
    is_file = False
    for line in headers.decode().split("\r\n"):
        try:
            main, parameters = parse_header_parameters(line)
            name, _ = main.split(":", 1)
        except ValueError:  # Django ignores such a line
            continue
        if name == "content-transfer-encoding":
            return False
        if name == "content-disposition":
            is_file = bool(parameters.get("filename"))
    return is_file
