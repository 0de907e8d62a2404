"""Forms without texture: repeated bilateral filters, with the borders of the original.

The filters run on a copy on which a thousandth of the picture's side is about a pixel. That makes
them fast, and alike at any size. A guided filter (He, Sun and Tang 2013) restores the borders.
"""

from __future__ import annotations

import numpy as np

from image_processor.engine.operations.artistic.canvas import Bytes, Floats
from image_processor.engine.pixels.opencv import cv2

_REACH = 2.2


def smooth(colours: Bytes, unit: float, rounds: int, contrast: float = 26.0) -> Bytes:
    """`colours` (RGB or gray) with differences below about `contrast` removed.

    `unit` is a thousandth of the picture's side in pixels of `colours`.
    """
    height, width = colours.shape[:2]
    part = min(1.0, 0.8 / unit) if unit > 0 else 1.0
    size = (max(1, round(width * part)), max(1, round(height * part)))
    small = cv2.resize(colours, size, interpolation=cv2.INTER_AREA) if part < 1 else colours
    sigma = max(1.0, _REACH * unit * part)
    window = 2 * round(1.6 * sigma) + 1
    for _ in range(rounds):
        small = cv2.bilateralFilter(small, window, contrast, sigma)
    if part == 1:
        return small
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return _guided_filter(large, colours, round(1.5 / part), 0.3 * contrast)


def _guided_filter(values: Bytes, guide: Bytes, radius: int, noise: float) -> Bytes:
    """`values` with the borders of `guide` by channel; borders weaker than `noise` do not count."""
    size = (2 * radius + 1, 2 * radius + 1)

    def mean(of: Floats) -> Floats:
        return cv2.blur(of, size, borderType=cv2.BORDER_REFLECT)

    channels = []
    for value, source in zip(cv2.split(values), cv2.split(guide), strict=True):
        target, lead = value.astype(np.float32), source.astype(np.float32)
        lead_mean, target_mean = mean(lead), mean(target)
        variance = mean(lead * lead) - lead_mean * lead_mean
        shared = mean(lead * target) - lead_mean * target_mean
        slope = np.clip(shared / (variance + np.float32(noise * noise)), 0, 1)
        offset = target_mean - slope * lead_mean
        exact = mean(slope) * lead + mean(offset)
        channels.append(cv2.addWeighted(exact, 1, exact, 0, 0, dtype=cv2.CV_8U))
    return cv2.merge(channels) if len(channels) > 1 else channels[0]
