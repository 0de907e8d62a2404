"""BMP: the header of a file, of every version (Windows GDI, BITMAPV5HEADER; OS/2 1.x and 2.x)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import truncated, unpack, unsupported

_FILE_HEADER = 14
_MASKS_AT = _FILE_HEADER + 40
_OLD, _OS2, _WITH_MASKS, _WITH_ALPHA_MASK, _WITH_PROFILE = 12, (16, 64), 52, 56, 124
_HEADERS = (_OLD, *_OS2, 40, _WITH_MASKS, _WITH_ALPHA_MASK, 108, _WITH_PROFILE)

_PLAIN, _RLE8, _RLE4, _MASKS, _JPEG, _PNG, _ALPHA_MASKS = range(7)
_NAMES = {
    _JPEG: "BMP with an embedded JPEG",
    _PNG: "BMP with an embedded PNG",
    **dict.fromkeys((11, 12, 13), "BMP in CMYK"),
}
_OS2_NAMES = {_MASKS: "BMP with Huffman compression", _JPEG: "BMP with 24-bit run lengths"}
_DEPTHS = (1, 2, 4, 8, 16, 24, 32)
# Red, green, blue and alpha where the file gives none.
_STANDARD_MASKS = {
    16: (0x7C00, 0x03E0, 0x001F, 0),
    24: (0xFF0000, 0xFF00, 0xFF, 0),
    32: (0xFF0000, 0xFF00, 0xFF, 0),
}
_EMBEDDED_PROFILE = b"DEBM"


@dataclass(frozen=True, slots=True)
class BmpHeader:
    """How the pixels of a BMP are stored.

    Sides are in pixels, `depth` in bits a pixel. `palette` holds red, green and blue of each
    colour. `masks` are those of red, green, blue and alpha; a palette needs none. `offset` is where
    the pixels start. `profile` is where an embedded ICC profile starts and how long it is.
    """

    width: int
    height: int
    top_down: bool
    depth: int
    run_lengths: bool
    masks: tuple[int, int, int, int]
    palette: bytes
    offset: int
    pixels_per_metre: tuple[int, int]
    profile: tuple[int, int] | None

    @property
    def row_bytes(self) -> int:
        """The bytes of a row, which end on a multiple of four."""
        return (self.width * self.depth + 31) // 32 * 4


def read_bmp_header(data: bytes) -> BmpHeader:
    """The header. Raises InvalidImage if it is damaged, UnsupportedFormat for layouts not read."""
    offset, size = unpack("<II", data, 10, "the BMP header")
    if size not in _HEADERS:
        raise unsupported(f"BMP with a header of {size} bytes")
    if _FILE_HEADER + size > len(data):
        raise truncated("the BMP header", _FILE_HEADER + size, len(data))
    # Fields that a short header lacks are 0.
    header = data[_FILE_HEADER : _FILE_HEADER + size].ljust(_WITH_PROFILE, b"\0")
    compression, per_metre, colours = _PLAIN, (0, 0), 0
    if size == _OLD:
        width, height, _, depth = struct.unpack_from("<4H", header, 4)
        colour_bytes = 3
    else:
        width, height, _, depth, compression = struct.unpack_from("<iiHHI", header, 4)
        across, down, colours = struct.unpack_from("<iiI", header, 24)
        per_metre, colour_bytes = (across, down), 4
    names = _OS2_NAMES if size in _OS2 else _NAMES
    if compression in names:
        raise unsupported(names[compression])
    if depth not in _DEPTHS:
        raise unsupported(f"{depth}-bit BMP")
    if width <= 0 or height == 0:
        raise InvalidImage("The BMP file contains no image.")
    if compression not in (_PLAIN, _MASKS, _ALPHA_MASKS) and compression != {8: 1, 4: 2}.get(depth):
        raise InvalidImage(f"The BMP file has an unknown compression {compression}.")
    start = _FILE_HEADER + size
    masks: tuple[int, ...] = _STANDARD_MASKS.get(depth, (0, 0, 0, 0))
    if compression in (_MASKS, _ALPHA_MASKS) and depth in (16, 32):
        # They belong to a long header, and follow a short one.
        count = 3 if size < _WITH_ALPHA_MASK and compression == _MASKS else 4
        masks = (*unpack(f"<{count}I", data, _MASKS_AT, "the BMP masks"), 0)[:4]
        start = max(start, _MASKS_AT + 4 * count)
    palette = b""
    if depth <= 8:
        used = colours or 2**depth
        # Some files give the end of the header as the start of the pixels, before the palette.
        offset = offset if offset > start else start + used * colour_bytes
        entries = data[start : min(offset, start + min(used, 2**depth) * colour_bytes)]
        palette = _rgb(entries, colour_bytes)
    return BmpHeader(
        width=width,
        height=abs(height),
        top_down=height < 0,
        depth=depth,
        run_lengths=compression in (_RLE8, _RLE4),
        masks=_check_masks(masks, depth),
        palette=palette,
        offset=offset or start,
        pixels_per_metre=per_metre,
        profile=_profile(header, size),
    )


def _rgb(entries: bytes, size: int) -> bytes:
    """Red, green and blue of colours that are stored as blue, green, red and maybe a byte more."""
    count = len(entries) // size
    palette = bytearray(3 * count)
    for band in range(3):
        palette[band::3] = entries[2 - band : count * size : size]
    return bytes(palette)


def _check_masks(masks: tuple[int, ...], depth: int) -> tuple[int, int, int, int]:
    """`masks` if each is one run of bits within a pixel."""
    red, green, blue, alpha = masks
    if not any((red, green, blue)) and depth == 32:  # seen in files that mean the usual order
        red, green, blue, alpha = 0xFF0000, 0xFF00, 0xFF, 0xFF000000
    for mask in (red, green, blue, alpha):
        ones = mask // (mask & -mask) if mask else 0
        if ones & (ones + 1) or mask >= 2**depth > 255:
            raise unsupported(f"BMP with the bit mask {mask:#x}")
    return red, green, blue, alpha


def _profile(header: bytes, size: int) -> tuple[int, int] | None:
    if size < _WITH_PROFILE or header[56:60] != _EMBEDDED_PROFILE:
        return None
    start, length = struct.unpack_from("<II", header, 112)
    return (_FILE_HEADER + start, length) if length else None
