"""Pieces of a picture, joined to a smaller one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image

Box = tuple[int, int, int, int]

# Fractions of their multiples are spread evenly, at any number of pieces.
_GOLDEN, _SILVER = 0.618034, 0.414214


def spread_boxes(
    size: tuple[int, int], piece: tuple[int, int], pixels: int, grid: int
) -> list[Box]:
    """Boxes of the size of `piece` from all over a picture, with about so many pixels together.

    Each lies somewhere in its own cell, since boxes at equal distances might hit the same part of
    every repetition of a pattern. Each starts on a multiple of `grid`.
    """
    width, height = min(piece[0], size[0]), min(piece[1], size[1])
    wanted = max(1, pixels // (width * height))
    shape = (size[0] / width) / (size[1] / height)
    columns = min(size[0] // width, max(1, round(math.sqrt(wanted * shape))))
    rows = min(size[1] // height, max(1, wanted // columns))
    boxes = []
    for number in range(rows * columns):
        row, column = divmod(number, columns)
        left = _place(column, columns, size[0], width, number * _SILVER, grid)
        top = _place(row, rows, size[1], height, number * _GOLDEN, grid)
        boxes.append((left, top, left + width, top + height))
    return boxes


def join(image: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    """The parts of `image` in `boxes`, which have one size, one below the other."""
    width, height = boxes[0][2] - boxes[0][0], boxes[0][3] - boxes[0][1]
    # Made from `image`, so that it has the same palette.
    joined = image.resize((width, len(boxes) * height), Image.Resampling.NEAREST, (0, 0, 1, 1))
    for number, box in enumerate(boxes):
        joined.paste(image.crop(box), (0, number * height))
    return joined


def _place(cell: int, cells: int, length: int, piece: int, shift: float, grid: int) -> int:
    """Where a piece starts in its cell; only the fraction of `shift` counts."""
    room = length / cells - piece
    start = round(cell * length / cells + max(0.0, room) * (shift % 1))
    return min(length - piece, start) // grid * grid
