"""auto_contrast: stretch the tones over the whole range."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image

from image_processor.engine.operations.tone.histogram import (
    ByHistogram,
    Histogram,
    count_values,
    value_range,
)
from image_processor.engine.pixels.tables import IDENTITY, Table


class AutoContrast(ByHistogram):
    """Stretch the tones so that the darkest becomes black and the brightest white."""

    name = "auto_contrast"
    example: ClassVar[dict[str, Any]] = {"cutoff": 1}

    def histogram(self, image: Image.Image) -> Histogram:
        return count_values(image)

    def table(self, histogram: Histogram) -> Table:
        return stretch(histogram, self.cutoff)


def stretch(histogram: Histogram, cutoff: float) -> Table:
    """The table that stretches the range of values over 0..255."""
    found = value_range(histogram, cutoff)
    if found is None:
        return IDENTITY
    low, high = found
    return tuple(
        min(255, max(0, round((value - low) * 255 / (high - low)))) for value in range(256)
    )
