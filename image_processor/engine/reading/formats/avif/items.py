"""AVIF: how many items a file names (ISO/IEC 14496-12, section 8.11)."""

from __future__ import annotations

from collections.abc import Iterator

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.avif.boxes import Box, read_boxes
from image_processor.engine.reading.formats.structure import unpack

# The codec looks each item up among all others, so its work grows with the square of their number.
# A picture of tiles has some hundred.
_MAX_ITEMS = 10_000
_WHAT = "an AVIF box"


def check_items(data: bytes, start: int, end: int) -> None:
    """Refuse very many items in the boxes of metadata between `start` and `end`."""
    for box in read_boxes(data, start, end, _WHAT):
        count = sum(_item_counts(data, box))
        if count > _MAX_ITEMS:
            raise InvalidImage(
                f"The AVIF file names {count} items; at most {_MAX_ITEMS} are read.",
                limit=_MAX_ITEMS,
                actual=count,
            )


def _item_counts(data: bytes, box: Box) -> Iterator[int]:
    """How many items each list in `box` names."""
    if box.kind == b"iinf":
        yield from unpack(">H" if data[box.body] == 0 else ">I", data, box.body + 4, _WHAT)
    elif box.kind == b"iloc":
        yield from unpack(">H" if data[box.body] < 2 else ">I", data, box.body + 6, _WHAT)
    elif box.kind == b"iprp":
        for child in read_boxes(data, box.body, box.end, _WHAT):
            if child.kind == b"ipma":
                yield from unpack(">I", data, child.body + 4, _WHAT)
    elif box.kind == b"iref":
        id_bytes = 2 if data[box.body] == 0 else 4
        for reference in read_boxes(data, box.body + 4, box.end, _WHAT):
            yield from unpack(">H", data, reference.body + id_bytes, _WHAT)
