"""PNG: whether the frames of an animation are complete (W3C PNG, third edition, section 11.3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from image_processor.engine.reading.formats.png.chunks import Chunk
from image_processor.engine.reading.formats.png.header import PngHeader
from image_processor.engine.reading.formats.structure import unpack

ANIMATION = (b"acTL", b"fcTL", b"fdAT")


def count_frames(data: bytes, chunks: Sequence[Chunk]) -> int:
    """The number of frames that the file announces, or 0 if it is a still picture."""
    for chunk in chunks:
        if chunk.kind == b"IDAT":
            break
        if chunk.kind == b"acTL" and chunk.body_bytes == 8:
            return int.from_bytes(chunk.body(data)[:4], "big")
    return 0


def find_animation_fault(
    data: bytes, chunks: Sequence[Chunk], header: PngHeader, announced: int
) -> str | None:
    """Why the frames cannot be shown, or None. A player shows the still picture instead."""
    controls, sequence, empty = 0, 0, False
    for chunk in chunks:
        if chunk.kind in ANIMATION and not chunk.has_right_checksum(data):
            return f"the checksum of {chunk.name} is wrong"
        if chunk.kind in (b"fcTL", b"fdAT"):
            (number,) = unpack(">I", chunk.body(data)[:4].ljust(4, b"\xff"), 0, "a frame")
            if number != sequence:
                return "its frames are not in order"
            sequence += 1
        if chunk.kind == b"fcTL":
            if empty:
                return "a frame has no pixels"
            controls, empty = controls + 1, True
            if fault := _frame_fault(chunk.body(data), header):
                return fault
        elif chunk.kind in (b"IDAT", b"fdAT"):
            empty = False
    if controls != announced:
        return f"it announces {announced} frames and has {controls}"
    return "a frame has no pixels" if empty else None


def _frame_fault(body: bytes, header: PngHeader) -> str | None:
    if len(body) != 26:
        return "a frame header has a wrong length"
    width, height, left, top = unpack(">4I", body, 4, "a frame header")
    if width == 0 or height == 0:
        return "a frame has no size"
    if left + width > header.width or top + height > header.height:
        return (
            f"a frame reaches {left + width}x{top + height} pixels, "
            f"outside its {header.width}x{header.height}"
        )
    return None
