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
    for kind, body in _chunks(data):
        if kind == b"IHDR":
            header = body
        elif kind in (b"PLTE", b"tRNS"):
            shared += _chunk(kind, body)
        elif kind in (b"IDAT", b"fdAT") and control is not None:
            pixels.append(body if kind == b"IDAT" else body[4:])
        elif kind in (b"fcTL", b"IEND"):
            if control is not None:
                yield _frame(control, header[8:], shared, b"".join(pixels))
            if kind == b"IEND":
                return
            control, pixels = body, []


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


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The type and the body of each chunk."""
    position = len(_SIGNATURE)
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
