"""Working on a large image a few rows at a time, so that intermediate results stay small."""

from __future__ import annotations

from collections.abc import Iterator

from image_processor.engine.interruption import stop_if_requested

STRIP_PIXELS = 250_000


def strips(width: int, height: int, min_rows: int = 1) -> Iterator[tuple[int, int]]:
    """Top and bottom row of each strip, from the top down; about 250,000 pixels each.

    Every strip but the last has at least `min_rows` rows. The work can be stopped before each.
    """
    rows = max(min_rows, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        stop_if_requested()
        yield top, min(height, top + rows)
