"""The result of a structural check, and bounds-checked reading for the checks."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from image_processor.engine.errors import InvalidImage, UnsupportedFormat, printable

_MAX_PARTS = 10_000
_MIN_MEAN_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Structure:
    """The announced sides in pixels (the largest of all frames), frames and flags.

    Zero sides or frames mean unknown: the codec reads them from deeper inside the file. `warnings`
    are dicts with `code` and `detail`: damage that does not keep the picture from being shown.
    """

    width: int = 0
    height: int = 0
    frames: int = 1
    transparent: bool = False
    progressive: bool = False
    warnings: tuple[dict[str, Any], ...] = ()


def truncated(what: str, offset: int, size: int) -> InvalidImage:
    """The error for a file of `size` bytes in which `what` needs bytes up to `offset`."""
    return InvalidImage(
        f"The file is truncated: {what} needs {offset} bytes, and the file has {size}.",
        limit=offset,
        actual=size,
    )


def unsupported(kind: str) -> UnsupportedFormat:
    """The error for a file of a known format whose `kind`, such as "Lossless JPEG", is not read."""
    return UnsupportedFormat(f"{kind} is not supported.", actual=kind)


def damaged_part(detail: str) -> dict[str, Any]:
    """The warning about a damaged part that was ignored, because the picture decodes without it."""
    return {"code": "damaged_part", "detail": detail}


def cut_off(detail: str) -> dict[str, Any]:
    """The warning about a file whose end is missing, and with it a part of the picture."""
    return {"code": "truncated", "detail": detail}


def plain_name(kind: bytes) -> str:
    """The four letters of a chunk or box as text."""
    return printable(kind.decode("latin-1"))


def check_parts(count: int, size: int, what: str) -> None:
    """Refuse a file of `size` bytes that consists of very many tiny parts, which are slow to read.

    Real files stay far below the limit: they have one part in several kilobytes.
    """
    limit = max(_MAX_PARTS, size // _MIN_MEAN_BYTES)
    if count > limit:
        raise InvalidImage(f"The file has more than {limit} {what}.", limit=limit, actual=count)


def unpack(layout: str, data: bytes, offset: int, what: str) -> tuple[int, ...]:
    """The integers at `offset`. Raises InvalidImage if the file ends before them."""
    end = offset + struct.calcsize(layout)
    if end > len(data):
        raise truncated(what, end, len(data))
    return struct.unpack_from(layout, data, offset)
