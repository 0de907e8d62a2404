"""ThumbHash: an image in about 25 bytes, for a blurred placeholder while it loads.

The format is Evan Wallace's (https://evanw.github.io/thumbhash/): the lowest frequencies of
brightness, of two colour differences and of alpha, as coefficients of a cosine transform in four
bits each.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# More pixels would not change the hash.
MAX_SIDE = 100

Plane = NDArray[Any]  # float64, rows x columns, 0..1


def thumbhash(image: Image.Image) -> bytes:
    """The ThumbHash of `image` (any working mode), reduced to `MAX_SIDE` pixels a side."""
    small = image.convert("RGBA")
    small.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
    values = np.asarray(small, np.float64) / 255
    width, height = small.size
    alpha = values[:, :, 3]
    visible = alpha.sum()
    mean = (values[:, :, :3] * alpha[:, :, None]).sum(axis=(0, 1)) / (visible or 1.0)
    see_through = bool(visible < width * height)
    colours = mean * (1 - alpha[:, :, None]) + values[:, :, :3] * alpha[:, :, None]
    red, green, blue = (colours[:, :, channel] for channel in range(3))

    most = 5 if see_through else 7  # fewer for brightness where alpha needs room
    across = max(1, _round(most * width / max(width, height)))
    down = max(1, _round(most * height / max(width, height)))
    light = _coefficients((red + green + blue) / 3, max(3, across), max(3, down))
    yellow = _coefficients((red + green) / 2 - blue, 3, 3)
    reddish = _coefficients(red - green, 3, 3)
    clear = _coefficients(alpha, 5, 5) if see_through else None

    landscape = width > height
    head = (
        _round(63 * light[0])
        | _round(31.5 + 31.5 * yellow[0]) << 6
        | _round(31.5 + 31.5 * reddish[0]) << 12
        | _round(31 * light[2]) << 18
        | see_through << 23
    )
    more = (
        (down if landscape else across)
        | _round(63 * yellow[2]) << 3
        | _round(63 * reddish[2]) << 9
        | landscape << 15
    )
    result = bytearray(head.to_bytes(3, "little") + more.to_bytes(2, "little"))
    nibbles = [*light[1], *yellow[1], *reddish[1]]
    if clear is not None:
        result.append(_round(15 * clear[0]) | _round(15 * clear[2]) << 4)
        nibbles += clear[1]
    packed = [_round(15 * value) for value in nibbles]
    packed += [0] * (len(packed) % 2)
    result += bytes(low | high << 4 for low, high in zip(packed[::2], packed[1::2], strict=True))
    return bytes(result)


def _round(value: float) -> int:
    """Round halves upwards, as the reference implementation does."""
    return math.floor(value + 0.5)


def _coefficients(plane: Plane, across: int, down: int) -> tuple[float, list[float], float]:
    """The mean, the other low frequencies scaled to 0..1, and their scale."""
    height, width = plane.shape
    columns = np.cos(np.pi / width * np.outer(np.arange(across), np.arange(width) + 0.5))
    rows = np.cos(np.pi / height * np.outer(np.arange(down), np.arange(height) + 0.5))
    transformed = rows @ plane @ columns.T / (width * height)
    varying = [
        float(transformed[y, x])
        for y in range(down)
        for x in range(across)
        if (x or y) and x * down < across * (down - y)
    ]
    scale = max((abs(value) for value in varying), default=0.0)
    if scale:
        varying = [0.5 + 0.5 / scale * value for value in varying]
    return float(transformed[0, 0]), varying, scale
