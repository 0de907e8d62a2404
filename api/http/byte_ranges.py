"""Byte ranges (RFC 9110, section 14): a client reads a part of a file, or resumes a download."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from api.http import error_handlers

_CHUNK_BYTES = 64 * 1024
# A request for several ranges, which browsers do not send, gets the whole file.
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


def send_range(request: HttpRequest, response: FileResponse) -> HttpResponseBase:
    """Return the part of a file's `response` that the request's `Range` header names.

    It is the whole file if there is no valid range, or if `If-Range` names another ETag. A range
    behind the end of the file gives the problem `range_not_satisfiable`.
    """
    response["Accept-Ranges"] = "bytes"
    size = int(response["Content-Length"])
    bounds = _requested_bounds(request, response.get("ETag"), size)
    if bounds is None:
        return response
    first, last = bounds
    if first > last:
        response.close()
        refusal = error_handlers.plain_response(
            request, 416, "range_not_satisfiable", f"The file has {size} bytes."
        )
        refusal["Content-Range"] = f"bytes */{size}"
        return refusal
    file: File[Any] = response.file_to_stream  # type: ignore[assignment]
    file.seek(first)
    response.status_code = 206
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    response.streaming_content = _read(file, last - first + 1)
    return response


def _requested_bounds(request: HttpRequest, etag: str | None, size: int) -> tuple[int, int] | None:
    """The first and last byte to send, or None for the whole file.

    The first comes after the last if the range lies behind the end.
    """
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if request.method != "GET" or found is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = (int(figure) if figure else None for figure in found.groups())
    if first is None:
        return None if last is None else (max(0, size - last), size - 1)
    if last is None:
        return first, size - 1
    return (first, min(last, size - 1)) if first <= last else None


def _read(file: File[Any], length: int) -> Iterator[bytes]:
    while length and (chunk := file.read(min(_CHUNK_BYTES, length))):
        length -= len(chunk)
        yield chunk
