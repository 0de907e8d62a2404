"""WebP: checks the chunks of the RIFF container up to its announced end (RFC 9649)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import (
    Structure,
    check_parts,
    plain_name,
    truncated,
    unpack,
)

_ALPHA, _ANIMATION = 0x10, 0x02
_DISPOSE = 0x01
_FLAGS_AT = 20


def check_webp(data: bytes) -> Structure:
    (size,) = unpack("<I", data, 4, "the RIFF header")
    end = 8 + size
    if end > len(data):
        raise truncated("the WebP container", end, len(data))
    position, flags, frames, pictures, chunks = 12, 0, 0, 0, 0
    width = height = 0
    clear = disposed = False
    while position + 8 <= end:
        chunks += 1
        check_parts(chunks, len(data), "chunks")
        kind = data[position : position + 4]
        (length,) = unpack("<I", data, position + 4, "a WebP chunk")
        body = position + 8
        if body + length > end:
            raise truncated(f"the WebP chunk {plain_name(kind)}", body + length, end)
        if kind == b"VP8X":
            flags = unpack("B", data, body, "the WebP header")[0]
            width = 1 + int.from_bytes(data[body + 4 : body + 7], "little")
            height = 1 + int.from_bytes(data[body + 7 : body + 10], "little")
        elif kind == b"ANMF":
            frames += 1
            covers, disposes = _frame(data, body, (width, height))
            # What is clear before a frame or after its disposal shows through the frames after it.
            clear |= disposed or (frames == 1 and not covers)
            disposed = disposes
        elif kind in (b"VP8 ", b"VP8L"):
            pictures += 1
            if not width:
                width, height, flags = _picture(data, body, kind)
        position = body + length + (length & 1)
    if not frames and not pictures:
        raise InvalidImage("The WebP file contains no image.")
    animated = bool(flags & _ANIMATION) and frames > 0
    transparent = bool(flags & _ALPHA) or (animated and clear)
    return Structure(width, height, frames if animated else 1, transparent)


def declare_alpha(data: bytes) -> bytes:
    """`data` with the flag for alpha, if its canvas shows through frames that have none.

    Without the flag the codec drops the alpha of the canvas, which becomes black.
    """
    if data[12:16] != b"VP8X" or data[_FLAGS_AT] & _ALPHA or not check_webp(data).transparent:
        return data
    return data[:_FLAGS_AT] + bytes([data[_FLAGS_AT] | _ALPHA]) + data[_FLAGS_AT + 1 :]


def _frame(data: bytes, body: int, canvas: tuple[int, int]) -> tuple[bool, bool]:
    """Whether a frame covers the canvas, and whether its place is cleared after it."""
    place = unpack("16B", data, body, "a WebP frame")
    left, top, across, down = (
        int.from_bytes(place[start : start + 3], "little") for start in (0, 3, 6, 9)
    )
    covers = left == top == 0 and across + 1 >= canvas[0] and down + 1 >= canvas[1]
    return covers, bool(place[15] & _DISPOSE)


def _picture(data: bytes, body: int, kind: bytes) -> tuple[int, int, int]:
    """Width, height and alpha flag of a picture without an extended header."""
    if kind == b"VP8L":
        (bits,) = unpack("<I", data, body + 1, "the WebP picture")
        alpha = _ALPHA if bits >> 28 & 1 else 0
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, alpha
    width, height = unpack("<HH", data, body + 6, "the WebP picture")
    return width & 0x3FFF, height & 0x3FFF, 0
