"""PNG: checks every chunk and its checksum up to IEND (W3C PNG, third edition)."""

from __future__ import annotations

import zlib

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.integrity.structure import (
    Structure,
    check_parts,
    truncated,
    unpack,
)

_ALPHA_COLOUR_TYPES = (4, 6)


def check_png(data: bytes) -> Structure:
    view = memoryview(data)
    position, width, height = 8, 0, 0
    announced, controls, pictures, chunks = 0, 0, 0, 0
    transparent = False
    while True:
        chunks += 1
        check_parts(chunks, len(data), "chunks")
        (length,) = unpack(">I", data, position, "a PNG chunk")
        kind = data[position + 4 : position + 8]
        end = position + 12 + length
        if end > len(data):
            raise truncated(f"the PNG chunk {kind!r}", end, len(data))
        (checksum,) = unpack(">I", data, end - 4, "a PNG checksum")
        if zlib.crc32(view[position + 4 : end - 4]) != checksum:
            raise InvalidImage(f"The PNG file is damaged: the checksum of {kind!r} is wrong.")
        if (kind == b"IHDR") != (position == 8) or (kind == b"IHDR" and length != 13):
            raise InvalidImage("The PNG file does not start with one image header.")
        body = position + 8
        if kind == b"IHDR":
            width, height = unpack(">II", data, body, "the PNG header")
            transparent = data[body + 9] in _ALPHA_COLOUR_TYPES
        elif kind == b"tRNS":
            transparent = True
        elif kind == b"acTL" and pictures == 0:
            (announced,) = unpack(">I", data, body, "the animation header")
        elif kind == b"fcTL":
            controls += 1
            _check_frame(unpack(">4I", data, body + 4, "a frame header"), width, height)
        elif kind == b"IDAT":
            pictures += 1
        elif kind == b"IEND":
            break
        position = end
    if pictures == 0:
        raise InvalidImage("The PNG file holds no picture.")
    if announced and announced != controls:
        raise InvalidImage(
            f"The PNG file announces {announced} frames and has {controls}.",
            limit=announced,
            actual=controls,
        )
    return Structure(width, height, announced or 1, transparent)


def find_exif(data: bytes) -> bytes | None:
    """The EXIF block of a PNG, even if it follows the pixels, or None. Decodes nothing."""
    position = 8
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        if data[position + 4 : position + 8] == b"eXIf":
            return b"Exif\0\0" + data[position + 8 : position + 8 + length]
        position += 12 + length
    return None


def _check_frame(frame: tuple[int, ...], width: int, height: int) -> None:
    across, down, left, top = frame
    if across + left > width or down + top > height:
        raise InvalidImage(
            f"A frame of the PNG file reaches {across + left}x{down + top} pixels, "
            f"outside its {width}x{height}."
        )
