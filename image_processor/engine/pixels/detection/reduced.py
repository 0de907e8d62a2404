"""Small copies to look at, which bounds the time that looking takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def reduced(image: Image.Image, longest: int, mode: str) -> tuple[NDArray[Any], float]:
    """`image` on white in `mode` (`L` or `RGB`) with sides of at most `longest` pixels.

    Also by how much it was reduced. An upright copy stays upright: a strip keeps a pixel.
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
