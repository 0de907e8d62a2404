"""equalize: spread the tones evenly."""

from __future__ import annotations

from itertools import accumulate
from typing import Any, ClassVar

from PIL import Image

from image_processor.engine.operations.tone.histogram import (
    ByHistogram,
    Histogram,
    count_values,
    value_range,
)
from image_processor.engine.pixels.alpha import to_gray
from image_processor.engine.pixels.tables import IDENTITY, Table


class Equalize(ByHistogram):
    """Spread the tones so that each range of brightness covers about as much of the picture."""

    name = "equalize"
    example: ClassVar[dict[str, Any]] = {}

    def histogram(self, image: Image.Image) -> Histogram:
        return count_values(to_gray(image))

    def table(self, histogram: Histogram) -> Table:
        return equalize(histogram, self.cutoff)


def equalize(histogram: Histogram, cutoff: float) -> Table:
    """The table that makes the cumulative histogram a straight line over the range of values."""
    found = value_range(histogram, cutoff)
    if found is None:
        return IDENTITY
    low, high = found
    below = list(accumulate(histogram))
    return tuple(
        round(255 * (below[min(high, max(low, value))] - below[low]) / (below[high] - below[low]))
        for value in range(256)
    )
