"""The direction of brush strokes that follow the forms of a picture, and smearing along it.

After Kang, Lee and Chui (2007): the direction in which brightness changes least, from the
smoothed structure tensor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from image_processor.engine.operations.artistic.canvas import Bytes, Floats
from image_processor.engine.pixels.gaussian import Gaussian
from image_processor.engine.pixels.opencv import cv2


class Flow(NamedTuple):
    """A unit vector for each pixel (right, down), and how certain the direction is (0..1)."""

    across: Floats
    down: Floats
    strength: Floats


def flow(tone: Bytes, smoothing: float) -> Flow:
    """Directions of `tone`, smoothed over `smoothing` pixels (a standard deviation)."""
    values = tone.astype(np.float32) / 255
    gx = cv2.Scharr(values, cv2.CV_32F, 1, 0, scale=1 / 32)
    gy = cv2.Scharr(values, cv2.CV_32F, 0, 1, scale=1 / 32)
    smooth = Gaussian(max(0.8, smoothing)).blur
    xx, yy, xy = smooth(gx * gx), smooth(gy * gy), smooth(gx * gy)
    del gx, gy
    difference = xx - yy
    root = cv2.magnitude(difference, 2 * xy)
    # Without any direction the strokes rise like those of a right hand.
    angle = 0.5 * cv2.phase(difference + 1e-5, 2 * xy + 1e-5) + np.float32(np.pi / 2)
    across, down = cv2.polarToCart(np.ones_like(angle), angle)
    return Flow(across, down, root / (xx + yy + np.float32(1e-4)))


def smear(values: Floats, along: Flow, length: float) -> Floats:
    """`values` averaged along the flow over about `length` pixels."""
    height, width = values.shape[:2]
    columns, rows = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    reach = np.float32(0.5)
    while 2 * reach <= max(1.0, length):
        parts = [
            cv2.remap(
                values,
                columns + along.across * side,
                rows + along.down * side,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REFLECT,
            )
            for side in (reach, -reach)
        ]
        values = cv2.addWeighted(parts[0], 0.5, parts[1], 0.5, 0)
        reach *= 2
    return values
