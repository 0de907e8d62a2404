"""Forms without texture: repeated bilateral filters, with the borders of the original.

The filters run on a copy on which a thousandth of the picture's side is about a pixel. That makes
them fast, and alike at any size. A guided filter (He, Sun and Tang 2013) restores the borders.
"""

from __future__ import annotations

import numpy as np

from image_processor.engine.operations.artistic.canvas import Bytes, Floats
from image_processor.engine.pixels.opencv import cv2

_REACH = 2.2
# Pixels of the filtered copy for a thousandth of the side, of a result and of a preview.
_DETAIL, _PREVIEW_DETAIL = 0.8, 0.5


def smooth(
    colours: Bytes, unit: float, rounds: int, contrast: float = 26.0, *, quickly: bool = False
) -> Bytes:
    """`colours` (RGB or gray) with differences below about `contrast` removed.

    `unit` is a thousandth of the picture's side in pixels of `colours`. With `quickly`, the forms
    are those of a copy with fewer pixels, which is enough for a preview.
    """
    height, width = colours.shape[:2]
    detail = _PREVIEW_DETAIL if quickly else _DETAIL
    part = min(1.0, detail / unit) if unit > 0 else 1.0
    size = (max(1, round(width * part)), max(1, round(height * part)))
    small = cv2.resize(colours, size, interpolation=cv2.INTER_AREA) if part < 1 else colours
    calm = small
    sigma = max(1.0, _REACH * unit * part)
    window = 2 * round(1.6 * sigma) + 1
    for _ in range(rounds):
        calm = cv2.bilateralFilter(calm, window, contrast, sigma)
    if part == 1:
        return calm
    noise = 0.3 * contrast
    if quickly:
        return _guided_filter(calm, small, colours, 2, noise)
    large = cv2.resize(calm, (width, height), interpolation=cv2.INTER_LINEAR)
    return _guided_filter(large, colours, colours, round(1.5 / part), noise)


def _guided_filter(values: Bytes, guide: Bytes, exact: Bytes, radius: int, noise: float) -> Bytes:
    """`values` with the borders of `exact` by channel; borders weaker than `noise` do not count.

    `values` and `guide` are `exact`, or a smaller copy of it (He and Sun, "Fast Guided Filter",
    2015).
    """
    size = (2 * radius + 1, 2 * radius + 1)
    height, width = exact.shape[:2]

    def mean(of: Floats) -> Floats:
        return cv2.blur(of, size, borderType=cv2.BORDER_REFLECT)

    def enlarge(of: Floats) -> Floats:
        if of.shape == (height, width):
            return of
        return cv2.resize(of, (width, height), interpolation=cv2.INTER_LINEAR)

    channels: list[Bytes] = []
    for value, source, fine in zip(*map(cv2.split, (values, guide, exact)), strict=True):
        target, lead = value.astype(np.float32), source.astype(np.float32)
        lead_mean, target_mean = mean(lead), mean(target)
        variance = mean(lead * lead) - lead_mean * lead_mean
        shared = mean(lead * target) - lead_mean * target_mean
        slope = np.clip(shared / (variance + np.float32(noise * noise)), 0, 1)
        offset = target_mean - slope * lead_mean
        finished = enlarge(mean(slope)) * fine.astype(np.float32) + enlarge(mean(offset))
        channels.append(cv2.addWeighted(finished, 1, finished, 0, 0, dtype=cv2.CV_8U))
    return cv2.merge(channels) if len(channels) > 1 else channels[0]
