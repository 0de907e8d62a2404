"""GIF: checks every block up to the trailer (GIF89a specification)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.integrity.structure import (
    Structure,
    check_parts,
    truncated,
    unpack,
)

_IMAGE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_GRAPHIC_CONTROL, _COMMENT = 0xF9, 0xFE

# Pillow joins comments in pieces of 255 bytes, and copies the whole text for each piece.
_MAX_COMMENT = 1_000_000


def check_gif(data: bytes) -> Structure:
    width, height, flags = unpack("<HHB", data, 6, "the GIF header")
    position = 13 + _table_bytes(flags)
    frames, extensions, comments, transparent = 0, 0, 0, False
    while True:
        (block,) = unpack("B", data, position, "the GIF trailer")
        position += 1
        if block == _TRAILER:
            break
        if block == _IMAGE:
            left, top, across, down, flags = unpack("<HHHHB", data, position, "a GIF frame")
            width, height = max(width, left + across), max(height, top + down)
            # One more byte: the code size of the compressed data.
            position = _skip_blocks(data, position + 9 + _table_bytes(flags) + 1)
            frames += 1
        elif block == _EXTENSION:
            extensions += 1
            # Each frame has one extension of its own.
            check_parts(extensions - frames, len(data), "extensions")
            (label,) = unpack("B", data, position, "a GIF extension")
            if label == _GRAPHIC_CONTROL:
                transparent |= bool(unpack("B", data, position + 2, "a GIF extension")[0] & 1)
            start = position
            position = _skip_blocks(data, position + 1)
            comments += position - start if label == _COMMENT else 0
            if comments > _MAX_COMMENT:
                raise InvalidImage(
                    f"The GIF file has more than {_MAX_COMMENT} bytes of comments.",
                    limit=_MAX_COMMENT,
                )
        else:
            raise InvalidImage(f"The GIF file has an unknown block 0x{block:02x}.")
    if frames == 0:
        raise InvalidImage("The GIF file holds no picture.")
    return Structure(width, height, frames, transparent)


def _table_bytes(flags: int) -> int:
    """The length of the colour table that `flags` announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_blocks(data: bytes, position: int) -> int:
    """The position after a chain of sub-blocks, each a length and as many bytes."""
    size = len(data)
    while position < size:
        length = data[position]
        position += 1 + length
        if length == 0:
            return position
    raise truncated("a GIF data block", position + 1, size)
