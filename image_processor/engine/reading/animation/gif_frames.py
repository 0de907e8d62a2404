"""The frames of a GIF, each as a GIF of its own (GIF89a specification, sections 18 to 23)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import GifImagePlugin, Image

from image_processor.engine.reading.animation.canvas import Blend, Disposal, RawFrame
from image_processor.engine.reading.formats.gif.blocks import GRAPHIC_CONTROL, IMAGE, read_blocks

_HAS_TABLE, _INTERLACED, _HAS_CLEAR = 0x80, 0x40, 0x01
_TABLE_BYTES = 768

# Browsers take the undefined disposal 4 for 3, because an early encoder wrote it, and the others
# for 1.
_DISPOSALS = {2: Disposal.CLEAR, 3: Disposal.RESTORE, 4: Disposal.RESTORE}


def split_gif(data: bytes) -> Iterator[RawFrame]:
    """The frames of a well-formed GIF, in turn."""
    table, _ = _read_table(data, data[10], 13)
    control = bytes(4)
    for block in read_blocks(data):
        if block.label == GRAPHIC_CONTROL:
            control = data[block.start + 3 : block.start + 7]
        if block.kind != IMAGE:
            continue
        left, top, width, height, flags = struct.unpack_from("<4HB", data, block.start + 1)
        own, start = _read_table(data, flags, block.start + 10)
        colours = own or table or bytes(_TABLE_BYTES)
        screen = struct.pack("<6sHHBBB", b"GIF89a", width, height, _HAS_TABLE | 7, 0, 0)
        clear = bytes([control[0] & _HAS_CLEAR, 0, 0, control[3]])
        place = struct.pack("<B4HB", IMAGE, 0, 0, width, height, flags & _INTERLACED)
        parts = (screen, colours, b"\x21\xf9\x04", clear, b"\0", place, data[start : block.end])
        yield RawFrame(
            left,
            top,
            width,
            height,
            colours[0::3] == colours[1::3] == colours[2::3],
            b"".join(parts) + b"\x3b" if width and height else b"",
            10.0 * struct.unpack_from("<H", control, 1)[0],
            _DISPOSALS.get(control[0] >> 2 & 7, Disposal.KEEP),
            Blend.OPAQUE if control[0] & _HAS_CLEAR else Blend.REPLACE,
        )
        control = bytes(4)


def decode_gif(still: bytes) -> Image.Image:
    """The pixels of a GIF with one frame, in RGBA."""
    return GifImagePlugin.GifImageFile(BytesIO(still)).convert("RGBA")


def _read_table(data: bytes, flags: int, position: int) -> tuple[bytes, int]:
    """The colour table that `flags` announce at `position`, and the position after it.

    It is filled up with black to 256 colours, as browsers do for pixels outside of the table.
    """
    if not flags & _HAS_TABLE:
        return b"", position
    length = 3 << (flags & 7) + 1
    table = data[position : position + length]
    return table.ljust(_TABLE_BYTES, b"\0"), position + length
