"""The orientation in EXIF, read as browsers read it: from EXIF only, and only a single SHORT.

An orientation in XMP turns nothing, nor does one in the EXIF that ImageMagick writes into a text of
a PNG. Chromium 2026 ignores both, and any other type or count.
"""

from __future__ import annotations

import re
import struct

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import TiffImageFile

from image_processor.engine.errors import DECODER_ERRORS
from image_processor.engine.reading.metadata.exif_block import read_block

ORIENTATION = int(ExifTags.Base.Orientation)
_SHORT = 3
# Some files have the prefix twice; Pillow skips as many.
PREFIXES = re.compile(rb"(?:Exif\0\0){1,2}")


def read_orientation(image: Image.Image) -> int:
    """The orientation, 1..8; 1 if it is absent, unreadable or out of range.

    Pillow turns a TIFF itself, so there its own reading counts.
    """
    try:
        if isinstance(image, TiffImageFile):
            value = read_block(image).get(ORIENTATION, 1)
        else:
            value = _orientation_of(image.info.get("exif") or b"")
    except DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _orientation_of(block: bytes) -> int:
    """The value of the tag in the first directory of `block`. Raises struct.error."""
    if prefixes := PREFIXES.match(block):
        block = block[prefixes.end() :]
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    (entries,) = struct.unpack_from(f"{order}H", block, start)
    for number in range(entries):
        entry = struct.unpack_from(f"{order}HHIHH", block, start + 2 + 12 * number)
        if entry[0] == ORIENTATION:
            return int(entry[3]) if entry[1:3] == (_SHORT, 1) else 1
    return 1
