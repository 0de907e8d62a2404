"""PNG: checks every chunk and its checksum up to IEND, and leaves out what is damaged.

Damage to a chunk that the picture does not need costs that chunk only, as in browsers.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.png.ancillary import AncillaryCheck, is_unread_text
from image_processor.engine.reading.formats.png.animation import (
    ANIMATION,
    count_frames,
    find_animation_fault,
)
from image_processor.engine.reading.formats.png.chunks import Chunk, read_chunks
from image_processor.engine.reading.formats.png.header import PngHeader, read_png_header
from image_processor.engine.reading.formats.structure import Structure, damaged_part

_END = b"\0\0\0\0IEND\xaeB`\x82"
_MAX_PALETTE = 3 * 256

# A file without its end is inflated to see whether its pixels are whole.
_MAX_INFLATED = 2**30
_PIECE = 2**20


@dataclass(frozen=True, slots=True)
class _Survey:
    """The chunks that the codec may see, the number of frames, and what was left out.

    `whole`: nothing was.
    """

    header: PngHeader
    kept: list[Chunk]
    frames: int
    complete: bool
    whole: bool
    warnings: tuple[dict[str, Any], ...]


def check_png(data: bytes) -> Structure:
    survey = _survey(data)
    for chunk in survey.kept:
        if not chunk.ancillary and not chunk.has_right_checksum(data):
            raise InvalidImage(f"The PNG file is damaged: the checksum of {chunk.name} is wrong.")
    kinds = {chunk.kind for chunk in survey.kept}
    palettes = [chunk for chunk in survey.kept if chunk.kind == b"PLTE"]
    if len(palettes) > 1 or any(chunk.body_bytes > _MAX_PALETTE for chunk in palettes):
        raise InvalidImage("The PNG file has more than one palette, or one of over 256 colours.")
    if b"IDAT" not in kinds:
        raise InvalidImage("The PNG file contains no image.")
    header, frames = survey.header, survey.frames
    if not survey.complete:
        _check_pixels(data, survey)
    transparent = header.has_alpha or b"tRNS" in kinds
    return Structure(
        header.width, header.height, frames or 1, transparent, warnings=survey.warnings
    )


def repair_png(data: bytes) -> bytes:
    """`data` without its damaged chunks and without texts that nothing reads, and with an end."""
    survey = _survey(data)
    if survey.whole:
        return data
    kept = b"".join(data[chunk.start : chunk.end] for chunk in survey.kept)
    return data[:8] + kept + _END


def find_exif(data: bytes) -> bytes | None:
    """The EXIF block of a PNG, even if it follows the pixels, or None. Decodes nothing."""
    blocks = (chunk.body(data) for chunk in read_chunks(data) if chunk.kind == b"eXIf")
    block = next(blocks, None)
    return None if block is None else b"Exif\0\0" + block


def _survey(data: bytes) -> _Survey:
    header = read_png_header(data)
    chunks = read_chunks(data)
    details: dict[str, None] = {}
    announced = count_frames(data, chunks)
    fault = None
    if any(chunk.kind == b"acTL" for chunk in chunks):
        fault = find_animation_fault(data, chunks, header, announced)
    if fault:
        details[f"The animation of the PNG file is damaged: {fault}. It is a still picture."] = None
        announced = 0
    ancillary = AncillaryCheck(header)
    kept, unread = [], 0
    for chunk in chunks:
        if chunk.kind == b"IEND" or (fault and chunk.kind in ANIMATION):
            continue
        if chunk.ancillary and chunk.kind not in ANIMATION:
            wrong = "damaged"
            if chunk.has_right_checksum(data):
                wrong = ancillary.find_fault(chunk.kind, chunk.body(data)) or ""
            if wrong:
                details[f"The PNG chunk {chunk.name} is {wrong} and was ignored."] = None
                continue
            if is_unread_text(chunk.kind, chunk.body(data)):
                unread += 1
                continue
        kept.append(chunk)
    complete = chunks[-1].kind == b"IEND" and chunks[-1].has_right_checksum(data)
    if not complete:
        details["The end of the PNG file is missing or damaged."] = None
    warnings = tuple(damaged_part(detail) for detail in details)
    whole = not warnings and not unread
    return _Survey(header, kept, announced, complete, whole, warnings)


def _check_pixels(data: bytes, survey: _Survey) -> None:
    """Raise InvalidImage if rows are missing, which only inflating them shows."""
    expected = survey.header.pixel_bytes
    stream, found = zlib.decompressobj(), 0
    for chunk in survey.kept:
        if chunk.kind != b"IDAT":
            continue
        rest = chunk.body(data)
        while rest and found < min(expected, _MAX_INFLATED):
            found += len(stream.decompress(rest, _PIECE))
            rest = stream.unconsumed_tail
    if found < expected:
        share = max(1, round(100 * (1 - found / expected)))
        raise InvalidImage(
            f"The PNG file is truncated: about {share}% of its pixels are missing.",
            limit=expected,
            actual=found,
        )
