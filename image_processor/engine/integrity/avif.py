"""AVIF: the top-level boxes up to the end of the file (ISO/IEC 14496-12)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.integrity.structure import Structure, truncated, unpack


def check_avif(data: bytes) -> Structure:
    position = 0
    boxes: set[bytes] = set()
    while position < len(data):
        (length,) = unpack(">I", data, position, "an AVIF box")
        kind = data[position + 4 : position + 8]
        if length == 1:
            (length,) = unpack(">Q", data, position + 8, "an AVIF box")
        elif length == 0:
            length = len(data) - position
        if length < 8:
            raise InvalidImage("The AVIF file has a box without a length.")
        if position + length > len(data):
            raise truncated(f"the AVIF box {kind!r}", position + length, len(data))
        boxes.add(kind)
        position += length
    if not boxes & {b"meta", b"moov"} or b"mdat" not in boxes:
        raise InvalidImage("The AVIF file holds no picture.")
    return Structure(frames=0)
