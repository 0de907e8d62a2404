"""Reading the header of a file, and refusing damaged, unsupported and too large files.

No pixel is decoded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from image_processor.engine.errors import (
    FileTooLarge,
    InvalidImage,
    SideTooLong,
    SideTooShort,
    TooManyFrames,
    TooManyPixels,
    UnsupportedFormat,
    decoder_errors,
    printable,
)
from image_processor.engine.facts import Facts
from image_processor.engine.limits import Limits
from image_processor.engine.reading.animation.composition import frame_traits
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.colour.space import Declaration
from image_processor.engine.reading.formats.structure import Structure, damaged_part
from image_processor.engine.reading.icc import profile_name
from image_processor.engine.reading.input_formats import (
    InputFormat,
    detect_format,
    readable_formats,
)
from image_processor.engine.reading.metadata.exif_facts import read_exif, read_position
from image_processor.engine.reading.metadata.exif_orientation import read_orientation
from image_processor.engine.reading.signature import foreign_format

MAX_WARNINGS = 20


def inspect(source: bytes | Path | BinaryIO, limits: Limits) -> Facts:
    """The facts of an image file.

    Raises FileTooLarge, UnsupportedFormat, InvalidImage, TooManyFrames, TooManyPixels,
    SideTooLong or SideTooShort, with limit and actual where they apply.
    """
    data = _read(source, limits.max_file_bytes)
    found = _detect(data)
    format_name = found.name
    with decoder_errors("checking the structure"):
        structure = found.check(data)
    if structure.width and structure.height:
        _check_size(structure.width, structure.height, structure.frames, format_name, limits)
    with decoder_errors("reading the header"):
        image = open_image(data, format_name)
        if image.format == "MPO":
            format_name = "MPO"
        colour = found.colour(data)
        return _facts(image, format_name, structure, colour, data, limits)


def _read(source: bytes | Path | BinaryIO, limit: int) -> bytes:
    """The whole file, if it is not empty or too large. A stream is read from its start."""
    if isinstance(source, bytes):
        size = len(source)
    elif isinstance(source, Path):
        size = source.stat().st_size
    else:
        size = source.seek(0, 2)
        source.seek(0)
    if size == 0:
        raise InvalidImage("The file is empty.")
    if size > limit:
        raise FileTooLarge(
            f"The file has {size} bytes; at most {limit} are allowed.", limit=limit, actual=size
        )
    if isinstance(source, bytes):
        return source
    return source.read_bytes() if isinstance(source, Path) else source.read()


def _detect(data: bytes) -> InputFormat:
    found = detect_format(data)
    if found is not None:
        return found
    foreign = foreign_format(data)
    if foreign is None:
        raise InvalidImage("The file is not an image in a known format.")
    supported = readable_formats()
    raise UnsupportedFormat(
        f"The file format {foreign} is not supported. Supported formats: {', '.join(supported)}.",
        limit=supported,
        actual=foreign,
    )


def _facts(
    image: Image.Image,
    format_name: str,
    structure: Structure,
    colour: Declaration,
    data: bytes,
    limits: Limits,
) -> Facts:
    # The decoder allocates memory for the size that it has read itself, so check that size, too.
    frames = structure.frames or int(getattr(image, "n_frames", 1))
    _check_size(*image.size, frames, format_name, limits)
    # The decoder of JPEG XL applies the orientation, which is part of the codestream.
    orientation = 1 if format_name == "JXL" else read_orientation(image)
    width, height = image.size
    if orientation >= 5 and format_name != "TIFF":  # Pillow returns the upright size of a TIFF
        width, height = height, width
    profile = image.info.get("icc_profile")
    mode, clear = frame_traits(image, data)
    name = profile_name(profile) if isinstance(profile, bytes) and profile else None
    return Facts(
        format=format_name,
        width=width,
        height=height,
        mode=mode,
        size_bytes=len(data),
        frames=frames,
        has_alpha=structure.transparent or image.has_transparency_data or clear,
        orientation=orientation,
        icc_profile=printable(name) if name else None,
        exif=read_exif(image),
        gps=read_position(image),
        progressive=structure.progressive,
        colour=colour.name_beside(profile=bool(profile)),
        warnings=_few([*structure.warnings, *colour.warnings]),
    )


def _few(warnings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most MAX_WARNINGS: they are stored with the image, and a file can have thousands."""
    if len(warnings) <= MAX_WARNINGS:
        return warnings
    kept = warnings[: MAX_WARNINGS - 1]
    more = f"The file has {len(warnings) - len(kept)} more faults that are not listed."
    return [*kept, damaged_part(more)]


def _check_size(width: int, height: int, frames: int, format_name: str, limits: Limits) -> None:
    """Refuse a file by its announced size. Pages do not count, because only one is read."""
    counted = 1 if format_name in ("TIFF", "MPO") else frames
    if counted > limits.max_frames:
        raise TooManyFrames(
            f"The animation has {counted} frames; at most {limits.max_frames} are allowed.",
            limit=limits.max_frames,
            actual=counted,
        )
    pixels = width * height * counted
    if pixels > limits.max_pixels:
        times = f" in {counted} frames" if counted > 1 else ""
        raise TooManyPixels(
            f"The image has {width}x{height} pixels{times}, {pixels} in total; "
            f"at most {limits.max_pixels} are allowed.",
            limit=limits.max_pixels,
            actual=pixels,
        )
    if max(width, height) > limits.max_side:
        raise SideTooLong(
            f"The image is {width}x{height} pixels; each side may be at most {limits.max_side}.",
            limit=limits.max_side,
            actual=max(width, height),
        )
    if min(width, height) < limits.min_side:
        raise SideTooShort(
            f"The image is {width}x{height} pixels; each side must be at least {limits.min_side}.",
            limit=limits.min_side,
            actual=min(width, height),
        )
