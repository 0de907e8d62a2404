"""BMP: the run lengths of four and eight bits (Windows GDI, "Bitmap Compression")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from image_processor.engine.reading.formats.bmp.header import BmpHeader
from image_processor.engine.reading.formats.structure import unsupported

_END_OF_LINE, _END_OF_BITMAP, _DELTA = 0, 1, 2

# Runs are decoded one by one: this takes about a second. Drawings of any size have less.
_MAX_RUNS = 500_000

# Stands for the end of a file that ends before its picture.
CUT = -1

# Row and column in the order of the file, the number of pixels, where literal indexes start (0 for
# a run of one byte), and that byte.
Run = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether the runs skip pixels, and the share 0..1 of the rows that a cut file lacks."""

    skips: bool
    missing: float


def read_runs(data: bytes, header: BmpHeader) -> Iterator[Run]:
    """The runs within the picture, in order; a last one of `CUT` pixels if the file is cut off.

    What lies outside the picture is dropped.
    """
    width, height, eight = header.width, header.height, header.depth == 8
    position, end = header.offset, len(data)
    x = y = 0
    while y < height:
        if position + 2 > end:
            yield y, x, CUT, 0, 0
            return
        count, value = data[position], data[position + 1]
        position += 2
        if count:
            taken = min(count, width - x)
            yield y, x, taken, 0, value
            x += taken
        elif value == _END_OF_LINE:
            yield y, x, 0, 0, 0  # counts as a run
            x, y = 0, y + 1
        elif value == _END_OF_BITMAP:
            return
        elif value == _DELTA:
            yield y, x, 0, 0, 0  # counts as a run
            right, up = data[position : position + 2].ljust(2, b"\0")
            x, y = min(x + right, width), y + up
            position += 2
        else:
            size = value if eight else (value + 1) // 2
            if position + size > end:
                yield y, x, CUT, 0, 0
                return
            taken = min(value, width - x)
            yield y, x, taken, position, 0
            x += taken
            position += size + size % 2  # runs start at even bytes


def measure_runs(data: bytes, header: BmpHeader) -> Coverage:
    """How much of the picture the runs cover. Decodes no pixel.

    Raises UnsupportedFormat for a file of very many runs.
    """
    covered, missing = 0, 0.0
    for number, (row, _, pixels, _, _) in enumerate(read_runs(data, header)):
        if number == _MAX_RUNS:
            raise unsupported(f"BMP with more than {_MAX_RUNS} runs")
        if pixels == CUT:
            missing = (header.height - row) / header.height
        else:
            covered += pixels
    return Coverage(covered < header.width * header.height, missing)
