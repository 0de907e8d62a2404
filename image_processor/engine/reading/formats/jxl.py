"""JPEG XL: reads the announced size, which the decoder allocates on opening (ISO/IEC 18181-1)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.avif.boxes import read_boxes
from image_processor.engine.reading.formats.structure import Structure, truncated

_CONTAINER = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
_CODESTREAM = b"\xff\x0a"
# Width to height, by the code of the ratio, from 1.
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIZE_BITS = (9, 13, 18, 30)


def check_jxl(data: bytes) -> Structure:
    start = _codestream(data)
    if data[start : start + 2] != _CODESTREAM:
        raise InvalidImage("The JPEG XL file contains no image.")
    header = data[start + 2 : start + 14]
    if len(header) < 3:
        raise truncated("the JPEG XL header", start + 5, len(data))
    width, height = _size(int.from_bytes(header, "little"))
    return Structure(frames=1, width=width, height=height)


def _codestream(data: bytes) -> int:
    """The offset of the codestream: 0, or the first box that holds a part of it."""
    if not data.startswith(_CONTAINER):
        return 0
    for box in read_boxes(data, 0, len(data), "a JPEG XL box"):
        if box.kind in (b"jxlc", b"jxlp"):
            return box.body + (4 if box.kind == b"jxlp" else 0)
    raise InvalidImage("The JPEG XL file contains no image.")


def _size(bits: int) -> tuple[int, int]:
    """Width and height in pixels from the bits of a size header, lowest bit first."""

    def take(count: int) -> int:
        nonlocal bits
        value = bits & ((1 << count) - 1)
        bits >>= count
        return value

    small = take(1)

    def side() -> int:
        return 8 * (take(5) + 1) if small else take(_SIZE_BITS[take(2)]) + 1

    height = side()
    ratio = take(3)
    if not ratio:
        return side(), height
    across, down = _RATIOS[ratio - 1]
    return height * across // down, height
