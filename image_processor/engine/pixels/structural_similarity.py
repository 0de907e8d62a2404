"""How similar two images look: mean structural similarity (SSIM) of their luma.

Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to
structural similarity" (2004), over windows of 8x8 pixels in steps of four, as x264 and FFmpeg
measure it. Sums are integers, so the value does not depend on the processor's vector units.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# At most this many pixels are compared. Larger images are compared in parts at full resolution,
# because a reduced copy would hide compression artefacts.
SAMPLED_PIXELS = 1_000_000
_PARTS = 4
_CELL = 4
_WINDOW = 8
_LUMINANCE, _CONTRAST = (0.01 * 255) ** 2, (0.03 * 255) ** 2

# int32 holds every sum and product below: at most 2 * (64 * 255) ** 2.
Samples = list[NDArray[np.int32]]


def luma_samples(image: Image.Image) -> Samples:
    """The parts of `image` that are compared, as arrays of luma, composited on middle gray."""
    boxes = _boxes(*image.size)
    return [np.asarray(_luma(image.crop(box)), dtype=np.int32) for box in boxes]


def similarity(one: Samples, other: Samples) -> float:
    """1.0 for equal images of one size, and less the more they differ.

    An image with a side below eight pixels is one window in that direction.
    """
    maps = [_map(left, right) for left, right in zip(one, other, strict=True)]
    return float(sum(part.sum() for part in maps) / sum(part.size for part in maps))


def _boxes(width: int, height: int) -> list[tuple[int, int, int, int]]:
    if width * height <= SAMPLED_PIXELS:
        return [(0, 0, width, height)]
    share = (SAMPLED_PIXELS / (width * height)) ** 0.5
    wide = max(_WINDOW, int(width * share / _PARTS))
    high = max(_WINDOW, int(height * share / _PARTS))
    return [
        (left, top, left + wide, top + high)
        for top in _spread(height, high)
        for left in _spread(width, wide)
    ]


def _spread(length: int, part: int) -> list[int]:
    """The starts of `_PARTS` parts spread evenly over `length`, on a grid of eight pixels."""
    if length < part * _PARTS:
        return [0]
    return [(length - part) * index // (_PARTS - 1) // 8 * 8 for index in range(_PARTS)]


def _luma(image: Image.Image) -> Image.Image:
    if image.mode in ("LA", "RGBA"):
        ground = Image.new("RGBA", image.size, (128, 128, 128, 255))
        ground.alpha_composite(image.convert("RGBA"))
        image = ground
    return image if image.mode == "L" else image.convert("L")


def _map(one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[Any]:
    one, other = _padded(one), _padded(other)
    count = _WINDOW * _WINDOW
    sum_one, sum_other = _windows(one), _windows(other)
    squares = _windows(one * one) + _windows(other * other)
    together = _windows(one * other)
    product = sum_one * sum_other
    spread = sum_one * sum_one + sum_other * sum_other
    light = (2 * product + count**2 * _LUMINANCE) / (spread + count**2 * _LUMINANCE)
    covariance = 2 * (count * together - product) + count**2 * _CONTRAST
    variance = count * squares - spread + count**2 * _CONTRAST
    return light * covariance / variance


def _padded(values: NDArray[np.int32]) -> NDArray[np.int32]:
    """`values` extended to whole cells and at least one window by repeating the edge."""
    height, width = (max(_WINDOW, -(-side // _CELL) * _CELL) for side in values.shape)
    missing = ((0, height - values.shape[0]), (0, width - values.shape[1]))
    return np.pad(values, missing, mode="edge") if any(map(any, missing)) else values


def _windows(values: NDArray[np.int32]) -> NDArray[np.int32]:
    """The sum of each 8x8 window, from sums of 4x4 cells."""
    height, width = values.shape
    cells = values.reshape(height // _CELL, _CELL, width // _CELL, _CELL)
    cells = cells.sum(axis=(1, 3), dtype=np.int32)
    rows = cells[:-1] + cells[1:]
    windows: NDArray[np.int32] = rows[:, :-1] + rows[:, 1:]
    return windows
