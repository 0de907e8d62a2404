"""The dominant colours of an image."""

from __future__ import annotations

import numpy as np
from PIL import Image

MAX_COLOURS = 5
_SIDE = 48
# Pixels with less alpha do not count.
_MIN_ALPHA = 128


def dominant_colours(image: Image.Image) -> list[str]:
    """Up to `MAX_COLOURS` colours as `#rrggbb`, most frequent first; [] if nothing is visible.

    Pillow's median cut, refined by k-means.
    """
    small = image.convert("RGBA")
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    values = np.asarray(small).reshape(-1, 4)
    visible = np.ascontiguousarray(values[values[:, 3] >= _MIN_ALPHA][:, :3])
    if not len(visible):
        return []
    row = Image.fromarray(visible[np.newaxis])
    reduced = row.quantize(MAX_COLOURS, Image.Quantize.MEDIANCUT, kmeans=3)
    palette = reduced.getpalette() or []
    counts = np.bincount(np.asarray(reduced).ravel(), minlength=MAX_COLOURS)
    found = [int(index) for index in np.argsort(-counts, kind="stable") if counts[index]]
    colours = [bytes(palette[3 * index : 3 * index + 3]).hex() for index in found]
    return [f"#{colour}" for colour in dict.fromkeys(colours)]
