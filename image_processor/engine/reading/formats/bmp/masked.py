"""Pixels of 16 and 32 bits whose samples lie under bit masks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from image_processor.engine.reading.formats.bmp.header import BmpHeader

_STRIP_PIXELS = 2**18


def unpack_strips(data: bytes, header: BmpHeader) -> Iterator[tuple[int, np.ndarray]]:
    """The first row of each strip, counted in the file, and its samples: rows, columns, samples.

    There is an alpha sample if there is a mask for it.
    """
    masks = header.masks if header.masks[3] else header.masks[:3]
    kind = np.dtype("<u2" if header.depth == 16 else "<u4")
    rows = max(1, _STRIP_PIXELS // header.width)
    for top in range(0, header.height, rows):
        count = min(rows, header.height - top)
        strip = np.empty((count, header.width, len(masks)), np.uint8)
        for row in range(count):
            start = header.offset + (top + row) * header.row_bytes
            pixels = np.frombuffer(data, kind, header.width, start)
            for band, mask in enumerate(masks):
                strip[row, :, band] = _samples(pixels, mask)
        yield top, strip


def _samples(pixels: np.ndarray, mask: int) -> np.ndarray:
    """The samples under `mask`, scaled from its bits to eight; 0 if it has none."""
    if mask == 0:
        return np.zeros(pixels.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    bits = mask.bit_count()
    samples = (pixels & mask) >> shift
    if bits >= 8:
        return (samples >> (bits - 8)).astype(np.uint8)
    top = 2**bits - 1
    table = np.array([(level * 255 + top // 2) // top for level in range(top + 1)], np.uint8)
    scaled: np.ndarray = table[samples]
    return scaled
