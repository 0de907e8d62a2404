"""BMP: checks the header, and that all rows of an uncompressed picture are present."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.integrity.structure import Structure, truncated, unpack

_OLD_HEADER = 12
_UNCOMPRESSED = (0, 3, 6)  # plain, and with bit masks


def check_bmp(data: bytes) -> Structure:
    start, header = unpack("<II", data, 10, "the BMP header")
    if header == _OLD_HEADER:
        width, height, _, bits = unpack("<HHHH", data, 18, "the BMP header")
        compression = 0
    else:
        width, height, _, bits, compression = unpack("<iiHHI", data, 18, "the BMP header")
    height = abs(height)
    if width <= 0 or height == 0:
        raise InvalidImage("The BMP file holds no picture.")
    row = (width * bits + 31) // 32 * 4
    if compression in _UNCOMPRESSED and start + row * height > len(data):
        raise truncated("the BMP picture", start + row * height, len(data))
    return Structure(width, height)
