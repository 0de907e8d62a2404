"""The boxes that AVIF and HEIC files consist of (ISO/IEC 14496-12, section 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import (
    check_parts,
    plain_name,
    truncated,
    unpack,
)


class Box(NamedTuple):
    """A box: its type, and where it, its body and the box behind it start."""

    kind: bytes
    start: int
    body: int
    end: int


def read_boxes(data: bytes, start: int, end: int, what: str) -> Iterator[Box]:
    """The boxes that fill `data` from `start` to `end`.

    `what` names one in errors. Raises InvalidImage if one is longer than that, and for very many.
    """
    position, count = start, 0
    while position < end:
        count += 1
        check_parts(count, len(data), "boxes")
        (length,) = unpack(">I", data, position, what)
        kind, body = data[position + 4 : position + 8], position + 8
        if length == 1:
            (length,) = unpack(">Q", data, body, what)
            body += 8
        elif length == 0:
            length = end - position
        if length < body - position:
            raise InvalidImage(f"The file has {what} without a length.")
        if position + length > end:
            raise truncated(f"{what} {plain_name(kind)}", position + length, end)
        yield Box(kind, position, body, position + length)
        position += length


def find_box(data: bytes, parent: Box, kind: bytes, what: str, *, skip: int = 0) -> Box | None:
    """The first box of a kind in `parent`, whose body starts with `skip` other bytes, or None."""
    boxes = read_boxes(data, parent.body + skip, parent.end, what)
    return next((box for box in boxes if box.kind == kind), None)
