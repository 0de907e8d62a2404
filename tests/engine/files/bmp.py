"""BMPs of every layout, written by the specification alone."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from tests.engine.files.png_layouts import pack

PLAIN, RLE8, RLE4, MASKS, ALPHA_MASKS = 0, 1, 2, 3, 6


def rows_of(samples: np.ndarray, depth: int, *, top_down: bool = False) -> bytes:
    """Whole pixel values in rows that end on a multiple of four bytes."""
    rows = []
    for row in samples if top_down else samples[::-1]:
        if depth < 8:
            line = pack(row, depth)
        else:
            line = b"".join(int(value).to_bytes(depth // 8, "little") for value in row)
        rows.append(line + bytes(-len(line) % 4))
    return b"".join(rows)


def write_bmp(
    size: tuple[int, int],
    depth: int,
    pixels: bytes,
    *,
    header: int = 40,
    compression: int = PLAIN,
    palette: np.ndarray | None = None,
    masks: Sequence[int] = (),
    top_down: bool = False,
    profile: bytes = b"",
) -> bytes:
    """A BMP of width and height with `pixels` as they are stored."""
    width, height = size
    colours = np.zeros((0, 3), int) if palette is None else palette
    if header == 12:
        fields = struct.pack("<IHHHH", 12, width, height, 1, depth)
        table = colours[:, ::-1].astype(np.uint8).tobytes()
    else:
        signed = -height if top_down else height
        fields = struct.pack("<IiiHHI", header, width, signed, 1, depth, compression)
        fields += struct.pack("<IiiII", len(pixels), 2835, 2835, len(colours), 0)
        fields += struct.pack(f"<{len(masks)}I", *masks)
        fields = fields.ljust(header, b"\0")
        blank = np.zeros((len(colours), 1), int)
        table = np.hstack([colours[:, ::-1], blank]).astype(np.uint8).tobytes()
    start = 14 + len(fields) + len(table)
    if profile:
        fields = fields[:56] + b"DEBM" + fields[60:112]
        fields += struct.pack("<III", start - 14 + len(pixels), len(profile), 0)
    file = struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start)
    return file + fields + table + pixels + profile
