"""WebP: checks the chunks of the RIFF container up to its announced end (RFC 9649)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.integrity.structure import (
    Structure,
    check_parts,
    plain_name,
    truncated,
    unpack,
)

_ALPHA, _ANIMATION = 0x10, 0x02


def check_webp(data: bytes) -> Structure:
    (size,) = unpack("<I", data, 4, "the RIFF header")
    end = 8 + size
    if end > len(data):
        raise truncated("the WebP container", end, len(data))
    position, flags, frames, pictures, chunks = 12, 0, 0, 0, 0
    width = height = 0
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
        elif kind in (b"VP8 ", b"VP8L"):
            pictures += 1
            if not width:
                width, height, flags = _picture(data, body, kind)
        position = body + length + (length & 1)
    if not frames and not pictures:
        raise InvalidImage("The WebP file holds no picture.")
    animated = bool(flags & _ANIMATION) and frames > 0
    return Structure(width, height, frames if animated else 1, bool(flags & _ALPHA))


def _picture(data: bytes, body: int, kind: bytes) -> tuple[int, int, int]:
    """Width, height and alpha flag of a picture without an extended header."""
    if kind == b"VP8L":
        (bits,) = unpack("<I", data, body + 1, "the WebP picture")
        alpha = _ALPHA if bits >> 28 & 1 else 0
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, alpha
    width, height = unpack("<HH", data, body + 6, "the WebP picture")
    return width & 0x3FFF, height & 0x3FFF, 0
