"""Large pictures a few rows at a time: what is only needed for a moment stays small."""

from __future__ import annotations

from collections.abc import Iterator

from image_processor.engine.interruption import stop_if_asked

STRIP_PIXELS = 250_000


def strips(width: int, height: int, least: int = 1) -> Iterator[tuple[int, int]]:
    """Top and bottom row of each strip of about a quarter of a million pixels, from the top down.

    A strip has `least` rows at least, except the last. Before each the work may be stopped.
    """
    rows = max(least, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        stop_if_asked()
        yield top, min(height, top + rows)
