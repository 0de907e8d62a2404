"""The few colours that a picture is made of."""

from __future__ import annotations

import numpy as np
from PIL import Image

MOST = 5
_SIDE = 96
# Below this a pixel is more see-through than not.
_VISIBLE = 128


def dominant_colours(image: Image.Image) -> list[str]:
    """Up to `MOST` colours as `#rrggbb`, the one of most pixels first; [] where nothing is visible.

    Median cut, then the means of what is nearest to each (k-means), by Pillow.
    """
    small = image.convert("RGBA")
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    values = np.asarray(small).reshape(-1, 4)
    visible = np.ascontiguousarray(values[values[:, 3] >= _VISIBLE][:, :3])
    if not len(visible):
        return []
    row = Image.fromarray(visible[np.newaxis])
    reduced = row.quantize(MOST, Image.Quantize.MEDIANCUT, kmeans=3)
    palette = reduced.getpalette() or []
    counts = np.bincount(np.asarray(reduced).ravel(), minlength=MOST)
    found = [int(index) for index in np.argsort(-counts, kind="stable") if counts[index]]
    colours = [bytes(palette[3 * index : 3 * index + 3]).hex() for index in found]
    return [f"#{colour}" for colour in dict.fromkeys(colours)]
