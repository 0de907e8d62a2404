"""The frames of an animated PNG, each as a PNG of its own (W3C PNG, third edition, section 11.3.6).

A picture in front of the first frame control is for viewers that do not animate. It is no frame.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from image_processor.engine.reading.animation.canvas import Blend, Disposal, RawFrame
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.colour.space import Declaration
from image_processor.engine.reading.formats.png.chunks import read_chunks
from image_processor.engine.reading.working_mode import to_working

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DISPOSALS = {1: Disposal.CLEAR, 2: Disposal.RESTORE}
_OVER = 1
_GRAY = (0, 4)


def split_apng(data: bytes) -> Iterator[RawFrame]:
    """The frames of a well-formed animated PNG, in turn."""
    header, shared = b"", b""
    control: bytes | None = None
    pixels: list[bytes] = []
    for chunk in read_chunks(data):
        if chunk.kind == b"IHDR":
            header = chunk.body(data)
        elif chunk.kind in (b"PLTE", b"tRNS"):
            shared += data[chunk.start : chunk.end]
        elif chunk.kind in (b"IDAT", b"fdAT") and control is not None:
            pixels.append(chunk.body(data)[0 if chunk.kind == b"IDAT" else 4 :])
        elif chunk.kind in (b"fcTL", b"IEND"):
            if control is not None:
                yield _frame(control, header[8:], shared, b"".join(pixels))
            control, pixels = chunk.body(data), []


def decode_png(still: bytes, mode: str) -> Image.Image:
    """The pixels of a PNG in `mode`, LA or RGBA."""
    image = open_image(still, "PNG")
    image.load()
    return to_working(image, mode, None, Declaration())[0]


def _frame(control: bytes, layout: bytes, shared: bytes, pixels: bytes) -> RawFrame:
    """The frame of a frame control; `layout` is the end of the image header, without the sides."""
    width, height, left, top = struct.unpack_from(">4I", control, 4)
    numerator, denominator, disposal, blend = struct.unpack_from(">HHBB", control, 20)
    header = _chunk(b"IHDR", struct.pack(">II", width, height) + layout)
    parts = (_SIGNATURE, header, shared, _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return RawFrame(
        left,
        top,
        width,
        height,
        layout[1] in _GRAY,
        b"".join(parts),
        1000 * numerator / (denominator or 100),
        _DISPOSALS.get(disposal, Disposal.KEEP),
        Blend.OVER if blend == _OVER else Blend.REPLACE,
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
