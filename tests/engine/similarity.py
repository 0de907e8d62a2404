"""Structural similarity of two pictures (Wang et al. 2004), over windows of 8x8 pixels."""

from __future__ import annotations

import numpy as np
from PIL import Image

WINDOW = 8
LUMINANCE, CONTRAST = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def similarity(left: Image.Image, right: Image.Image) -> float:
    """The least of the channels' mean similarities: 1.0 is equal. Sizes and modes must match."""
    assert (left.size, left.mode) == (right.size, right.mode)
    pairs = zip(left.split(), right.split(), strict=True)
    return min(_channel(np.asarray(one, float), np.asarray(two, float)) for one, two in pairs)


def _channel(one: np.ndarray, two: np.ndarray) -> float:
    shape = (min(WINDOW, one.shape[0]), min(WINDOW, one.shape[1]))
    mean_one, mean_two = _means(one, shape), _means(two, shape)
    together = _means(one * two, shape) - mean_one * mean_two
    squares = mean_one**2 + mean_two**2
    spread = _means(one * one + two * two, shape) - squares
    light = (2 * mean_one * mean_two + LUMINANCE) / (squares + LUMINANCE)
    return float((light * (2 * together + CONTRAST) / (spread + CONTRAST)).mean())


def _means(values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The mean over each window of `shape`, from sums over everything above and to the left."""
    high, wide = shape
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    windows = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    return windows / (high * wide)
