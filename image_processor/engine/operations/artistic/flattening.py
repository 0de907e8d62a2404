"""Daubs of even colour with sharp borders: a Kuwahara filter with discs.

After Kuwahara et al. (1976) and Papari, Petkov and Campisi (2007): each pixel gets the mean of
the neighbouring disc whose colours vary least, so areas become flat and edges sharper. Means and
variances are smooth, so they come from the reduced copy. The disc is chosen at full size, which
keeps borders sharp.
"""

from __future__ import annotations

import math

import numpy as np

from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Floats, Strip
from image_processor.engine.pixels.gaussian import Gaussian
from image_processor.engine.pixels.opencv import cv2

_DIRECTIONS = 8


def statistics(small: Bytes, radius: float) -> tuple[Bytes, Floats]:
    """Mean colours and summed variance around each pixel of `small`; `radius` in its pixels."""
    soften = Gaussian(max(0.5, radius / 2)).blur
    values = small.astype(np.float32)
    squares, rough = soften(values * values), soften(values)
    means = cv2.addWeighted(rough, 1, rough, 0, 0, dtype=cv2.CV_8U)
    variance = cv2.transform(squares - rough * rough, np.ones((1, 3), np.float32))
    return means, variance


def flatten_areas(means: Bytes, variance: Floats, radius: int) -> Bytes:
    """The mean of the disc at distance `radius` that varies least. Edge pixels are repeated."""
    height, width = variance.shape
    rim = (radius, radius, radius, radius)
    wide = cv2.copyMakeBorder(means, *rim, cv2.BORDER_REPLICATE)
    spread = cv2.copyMakeBorder(variance, *rim, cv2.BORDER_REPLICATE)
    result = means.copy()
    best = variance.copy()
    for step in range(_DIRECTIONS):
        angle = math.tau * (step + 0.5) / _DIRECTIONS
        left = radius + round(radius * math.cos(angle))
        top = radius + round(radius * math.sin(angle))
        there = spread[top : top + height, left : left + width]
        less = cv2.compare(there, best, cv2.CMP_LT)
        cv2.copyTo(wide[top : top + height, left : left + width], less, result)
        cv2.min(there, best, best)
    return result


def whole_radius(radius: float) -> int:
    """`radius` in whole pixels, which is also the margin that a strip of daubs needs."""
    return max(1, round(radius))


class Daubs:
    """The flattened picture, strip by strip. `radius` is in pixels of the full size."""

    def __init__(self, canvas: Canvas, small: Bytes, radius: float) -> None:
        self.canvas = canvas
        self.radius = whole_radius(radius)
        self.means, self.variance = statistics(small, radius / canvas.factor)

    def paint(self, strip: Strip) -> Bytes:
        means = self.canvas.enlarge(self.means, strip)
        variance = self.canvas.enlarge(self.variance, strip)
        return flatten_areas(means, variance, self.radius)
