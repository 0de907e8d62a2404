"""The pixels of run lengths of four and eight bits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from image_processor.engine.reading.formats.bmp.header import BmpHeader
from image_processor.engine.reading.formats.bmp.runs import CUT, read_runs

_STRIP_PIXELS = 2**18


def decode_indexes(data: bytes, header: BmpHeader) -> tuple[bytearray, bytearray]:
    """The index of each pixel and 255 for each pixel with one, in the order of the file.

    Pixels that the runs skip have the index 0 and 0.
    """
    width = header.width
    pixels = bytearray(width * header.height)
    covered = bytearray(width * header.height)
    eight = header.depth == 8
    runs = [bytes((b,)) * 255 if eight else bytes((b >> 4, b & 15)) * 128 for b in range(256)]
    pairs = [bytes((b >> 4, b & 15)) for b in range(256)]
    opaque = b"\xff" * 255
    for row, column, count, literal_at, value in read_runs(data, header):
        if count == CUT:
            break
        start = row * width + column
        if literal_at == 0:
            indexes = runs[value]
        elif eight:
            indexes = data[literal_at : literal_at + count]
        else:
            literal = data[literal_at : literal_at + (count + 1) // 2]
            indexes = b"".join([pairs[byte] for byte in literal])
        pixels[start : start + count] = indexes[:count]
        covered[start : start + count] = opaque[:count]
    return pixels, covered


def colour_strips(data: bytes, header: BmpHeader) -> Iterator[tuple[int, np.ndarray]]:
    """The first row of each strip, counted in the file, and its RGB: skipped pixels are black."""
    pixels, covered = decode_indexes(data, header)
    shape = header.height, header.width
    indexes = np.frombuffer(pixels, np.uint8).reshape(shape)
    present = np.frombuffer(covered, np.uint8).reshape(shape)
    table = np.zeros((256, 3), np.uint8)
    colours = np.frombuffer(header.palette, np.uint8).reshape(-1, 3)
    table[: len(colours)] = colours
    rows = max(1, _STRIP_PIXELS // header.width)
    for top in range(0, header.height, rows):
        strip = table[indexes[top : top + rows]]
        strip &= present[top : top + rows, :, None]
        yield top, strip
