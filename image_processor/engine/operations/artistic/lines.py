"""Ink lines along edges: a difference of Gaussians, drawn along the flow.

After Winnemöller, Kyprianidis and Olsen, "XDoG" (2012), and Kang, Lee and Chui (2007).
"""

from __future__ import annotations

import numpy as np

from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Floats, Strip
from image_processor.engine.operations.artistic.flow import flow, smear
from image_processor.engine.pixels.opencv import cv2

_WIDER = 1.6


def ridges(tone: Bytes, width: float, weight: float = 0.985) -> Floats:
    """Values below zero where a line belongs; `width` is the line's, in pixels of `tone`."""
    sigma = max(0.6, width / 2)
    values = tone.astype(np.float32) / 255
    near = cv2.GaussianBlur(values, (0, 0), sigma)
    far = cv2.GaussianBlur(values, (0, 0), sigma * _WIDER)
    difference = near - np.float32(weight) * far
    return smear(difference, flow(tone, 2.5 * sigma), 4 * sigma)


def threshold(amount: float) -> float:
    """The depth from which a ridge is inked, so that `amount` (0..1) of the lines is drawn."""
    return float(-0.03 * (1 - amount) ** 1.5)


def ink(canvas: Canvas, ridge: Floats, strip: Strip, below: float, gain: float) -> Bytes:
    """White paper with black lines where `ridge` is less than `below`.

    The threshold is applied at full size, where the smooth ridge gives a sharp border.
    """
    large = canvas.enlarge(ridge, strip)
    return cv2.addWeighted(large, 255 * gain, large, 0, 255 * (1 - gain * below), dtype=0)
