"""PNGs of every layout, written by the specification alone (W3C PNG, third edition)."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from tests.engine.hostile import png_chunk

SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
LAYOUTS = [(kind, depth) for kind, depths in DEPTHS.items() for depth in depths]

# Left, top, step across and step down of the passes of Adam7.
PLAIN = ((0, 0, 1, 1),)
ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def write_png(
    samples: np.ndarray, kind: int, depth: int, *extra: bytes, interlaced: bool = False
) -> bytes:
    """A PNG of `samples`, an array of rows, columns and samples, with `extra` chunks."""
    rows = b""
    for left, top, across, down in ADAM7 if interlaced else PLAIN:
        for row in samples[top::down, left::across]:
            if row.size:
                rows += b"\0" + pack(row.reshape(-1), depth)
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    chunks = [png_chunk(b"IHDR", header), *extra, png_chunk(b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + png_chunk(b"IEND", b"")


def pack(row: np.ndarray, depth: int) -> bytes:
    """Samples one after the other, the first in the highest bits."""
    bits = (row[:, None].astype(int) >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.astype(np.uint8)).tobytes()
