"""The resolution of a file: a hint for printing, which no browser shows."""

from __future__ import annotations

import math
from typing import Any

from PIL import ExifTags, Image

from image_processor.engine.errors import DECODER_ERRORS
from image_processor.engine.reading.metadata.exif_block import read_block

_BASE = ExifTags.Base
RESOLUTION_TAGS = frozenset(
    int(tag) for tag in (_BASE.XResolution, _BASE.YResolution, _BASE.ResolutionUnit)
)
_DOTS_PER_INCH = {2: 1.0, 3: 2.54}
# JFIF stores 16 bits.
_MAX_DPI = 65_535


def read_resolution(image: Image.Image) -> tuple[float, float] | None:
    """Dots per inch across and down, as stored; None if the file names none or an impossible one.

    A density in the file's own header comes first, then that in EXIF.
    """
    own = image.info.get("dpi")
    if image.format in ("JPEG", "MPO"):
        # Pillow invents 72 where EXIF has no resolution.
        own = own if image.info.get("jfif_unit") in (1, 2) else None
    return _checked(own) or _from_exif(image)


def _from_exif(image: Image.Image) -> tuple[float, float] | None:
    try:
        block = read_block(image)
        scale = _DOTS_PER_INCH.get(block.get(_BASE.ResolutionUnit, 2))
        values = [block.get(tag) for tag in (_BASE.XResolution, _BASE.YResolution)]
        return _checked([float(value or 0) * scale for value in values]) if scale else None
    except DECODER_ERRORS:
        return None


def _checked(value: Any) -> tuple[float, float] | None:
    try:
        across, down = (float(part) for part in value)
    except DECODER_ERRORS:
        return None
    possible = all(math.isfinite(part) and 1 <= part <= _MAX_DPI for part in (across, down))
    # Two decimals keep the pixels per metre of a PNG exactly.
    return (round(across, 2), round(down, 2)) if possible else None
