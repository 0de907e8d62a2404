"""Small copies of an image, which bound the time that a search takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def reduced(image: Image.Image, longest: int, mode: str) -> tuple[NDArray[Any], float]:
    """A copy of `image` on white in `mode` (`L` or `RGB`), and the factor of the reduction.

    Sides are at most `longest` pixels and at least one.
    """
    factor = max(1.0, max(image.size) / longest)
    size = (max(1, round(image.width / factor)), max(1, round(image.height / factor)))
    small = image.resize(size, Image.Resampling.BOX, reducing_gap=1.0) if factor > 1 else image
    if small.mode in ("LA", "RGBA"):
        small = small.convert("RGBA")
        ground = Image.new("RGBA", small.size, "white")
        ground.alpha_composite(small)
        small = ground
    return np.asarray(small.convert(mode)), factor
