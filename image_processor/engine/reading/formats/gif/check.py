"""GIF: checks every block up to the trailer (GIF89a specification), and keeps the whole frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.gif.blocks import (
    COMMENT,
    CUT,
    EXTENSION,
    GRAPHIC_CONTROL,
    IMAGE,
    TRAILER,
    Block,
    read_blocks,
)
from image_processor.engine.reading.formats.structure import (
    Structure,
    check_parts,
    cut_off,
    damaged_part,
    unpack,
)

# Pillow joins comments in pieces of 255 bytes, and copies the whole text for each piece.
_MAX_COMMENT = 1_000_000

# Far above every limit on frames, which is checked when all have been counted.
_MAX_FRAMES = 500_000


@dataclass(slots=True)
class _Survey:
    """The blocks that the codec may see, the frames among them, and what is wrong."""

    kept: list[Block] = field(default_factory=list)
    frames: list[Block] = field(default_factory=list)
    transparent: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)


def check_gif(data: bytes) -> Structure:
    survey = _survey(data)
    width, height = unpack("<HH", data, 6, "the GIF header")
    if not survey.frames:
        raise InvalidImage("The GIF file contains no image.")
    for frame in survey.frames:
        left, top, across, down = unpack("<4H", data, frame.start + 1, "a GIF frame")
        width, height = max(width, left + across), max(height, top + down)
    count = len(survey.frames)
    return Structure(width, height, count, survey.transparent, warnings=tuple(survey.warnings))


def repair_gif(data: bytes) -> bytes:
    """`data` without a frame that is cut off, and with a trailer."""
    survey = _survey(data)
    if not survey.warnings:
        return data
    head = data[: next(read_blocks(data)).start]
    blocks = (data[block.start : block.end] for block in survey.kept)
    return b"".join((head, *blocks, bytes([TRAILER])))


def _survey(data: bytes) -> _Survey:
    found = _Survey()
    extensions, comments = 0, 0
    control: Block | None = None
    end = Block(CUT, 0, 0)
    for block in read_blocks(data):
        end = block
        if block.kind == IMAGE:
            found.frames.append(block)
            if len(found.frames) > _MAX_FRAMES:
                raise InvalidImage(
                    f"The GIF file has more than {_MAX_FRAMES} frames.", limit=_MAX_FRAMES
                )
            if control:
                (flags,) = unpack("B", data, control.start + 3, "a GIF extension")
                found.transparent |= bool(flags & 1)
                found.kept.append(control)
            found.kept.append(block)
            control = None
        elif block.kind == EXTENSION:
            extensions += 1
            # Each frame has one extension of its own.
            check_parts(extensions - len(found.frames), len(data), "extensions")
            if block.label == GRAPHIC_CONTROL:
                control = block
                continue
            found.kept.append(block)
            comments += block.end - block.start if block.label == COMMENT else 0
            if comments > _MAX_COMMENT:
                raise InvalidImage(
                    f"The GIF file has more than {_MAX_COMMENT} bytes of comments.",
                    limit=_MAX_COMMENT,
                )
    if end.kind != TRAILER:
        found.warnings.append(_judge_end(data, end, len(found.frames)))
    return found


def _judge_end(data: bytes, end: Block, frames: int) -> dict[str, Any]:
    """The warning about what follows `frames` whole frames instead of the trailer.

    Raises InvalidImage if there is no whole frame.
    """
    if end.kind == CUT and (end.start == len(data) or frames):
        if end.start < len(data) and data[end.start] == IMAGE:
            return cut_off("The GIF file is cut off: its last frame was left out.")
        return damaged_part("The end of the GIF file is missing.")
    if end.kind == CUT:
        raise InvalidImage("The file is truncated: it ends before the first frame of the GIF does.")
    if frames == 0:
        raise InvalidImage(f"The GIF file has an unknown block 0x{data[end.start]:02x}.")
    return damaged_part("The GIF file goes on with other bytes than frames. They were ignored.")
