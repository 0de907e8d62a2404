"""Structural similarity of two pictures (Wang et al. 2004), over windows of 8x8 pixels."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
    first, second = sliding_window_view(one, shape), sliding_window_view(two, shape)
    axes = (2, 3)
    mean_one, mean_two = first.mean(axes), second.mean(axes)
    together = (first * second).mean(axes) - mean_one * mean_two
    spread = first.var(axes) + second.var(axes)
    light = (2 * mean_one * mean_two + LUMINANCE) / (mean_one**2 + mean_two**2 + LUMINANCE)
    return float((light * (2 * together + CONTRAST) / (spread + CONTRAST)).mean())
