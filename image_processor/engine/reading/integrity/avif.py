"""AVIF and HEIC: checks the top-level boxes up to the end of the file (ISO/IEC 14496-12)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.integrity.structure import Structure, truncated, unpack


def check_avif(data: bytes) -> Structure:
    boxes = _boxes(data, "an AVIF box")
    if not boxes & {b"meta", b"moov"} or b"mdat" not in boxes:
        raise InvalidImage("The AVIF file holds no picture.")
    return Structure(frames=0)


def check_heic(data: bytes) -> Structure:
    """Only the primary picture of a series is read, so it counts as one frame."""
    if not {b"meta", b"mdat"} <= _boxes(data, "a HEIC box"):
        raise InvalidImage("The HEIC file holds no picture.")
    return Structure(frames=1)


def _boxes(data: bytes, what: str) -> set[bytes]:
    """The types of all boxes. Raises InvalidImage if one is longer than the file."""
    position = 0
    boxes: set[bytes] = set()
    while position < len(data):
        (length,) = unpack(">I", data, position, what)
        kind = data[position + 4 : position + 8]
        if length == 1:
            (length,) = unpack(">Q", data, position + 8, what)
        elif length == 0:
            length = len(data) - position
        if length < 8:
            raise InvalidImage(f"The file has {what} without a length.")
        if position + length > len(data):
            raise truncated(f"{what} {kind!r}", position + length, len(data))
        boxes.add(kind)
        position += length
    return boxes
