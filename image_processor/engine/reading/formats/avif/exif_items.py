"""AVIF and HEIC: the items that hold EXIF, and their sizes (ISO/IEC 14496-12, section 8.11)."""

from __future__ import annotations

from collections.abc import Iterator

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.avif.boxes import Box, read_boxes
from image_processor.engine.reading.formats.structure import damaged_part, unpack

_WHAT = "an AVIF box"
# The codec's reader writes the whole block anew if the container turns the picture.
_MAX_BYTES = 262_144
_TYPE_BYTES = 4


def find_excess(data: bytes, start: int, end: int) -> tuple[dict[str, str], ...]:
    """A warning if the boxes of metadata between `start` and `end` hold more EXIF than is read."""
    total = sum(size for _, size in _exif_items(data, start, end))
    if total <= _MAX_BYTES:
        return ()
    detail = f"The file has {total} bytes of EXIF; at most {_MAX_BYTES} are read. It was ignored."
    return (damaged_part(detail),)


def hide_excess(data: bytes, start: int, end: int) -> bytes:
    """`data`, whose EXIF items have a type that the codec ignores if `find_excess` warns."""
    items = list(_exif_items(data, start, end))
    if sum(size for _, size in items) <= _MAX_BYTES:
        return data
    changed = bytearray(data)
    for place, _ in items:
        changed[place : place + _TYPE_BYTES] = b"skip"
    return bytes(changed)


def _exif_items(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the type of each item of EXIF stands, and the bytes of the item."""
    boxes = list(read_boxes(data, start, end, _WHAT))
    sizes = {item: size for box in boxes if box.kind == b"iloc" for item, size in _sizes(data, box)}
    for box in boxes:
        if box.kind == b"iinf":
            first = box.body + (6 if data[box.body] == 0 else 8)
            for entry in read_boxes(data, first, box.end, _WHAT):
                version = data[entry.body]
                if entry.kind == b"infe" and version >= 2:
                    code, place = (">H", 8) if version == 2 else (">I", 10)
                    (item,) = unpack(code, data, entry.body + 4, _WHAT)
                    if data[entry.body + place : entry.body + place + _TYPE_BYTES] == b"Exif":
                        yield entry.body + place, sizes.get(item, 0)


def _sizes(data: bytes, box: Box) -> Iterator[tuple[int, int]]:
    """Each item of a box `iloc`, and the sum of its parts; a part of 0 bytes is the whole file."""
    version = data[box.body]
    (widths,) = unpack(">H", data, box.body + 4, _WHAT)
    offset, length, base, index = ((widths >> shift) & 15 for shift in (12, 8, 4, 0))
    index = index if version in (1, 2) else 0
    number = ">H" if version < 2 else ">I"
    (count,) = unpack(number, data, box.body + 6, _WHAT)
    at = box.body + (8 if version < 2 else 10)
    for _ in range(count):
        (item,) = unpack(number, data, at, _WHAT)
        at += (2 if version < 2 else 4) + (2 if version in (1, 2) else 0) + 2 + base
        (parts,) = unpack(">H", data, at, _WHAT)
        at += 2
        step = index + offset + length
        if at + parts * step > box.end:
            raise InvalidImage("The file has a list of items that is cut off.")
        ends = (at + part * step + index + offset for part in range(parts))
        yield item, sum(int.from_bytes(data[end : end + length]) or len(data) for end in ends)
        at += parts * step
