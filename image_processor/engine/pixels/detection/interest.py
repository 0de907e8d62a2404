"""The part of an image to keep when it is cropped: its faces, else its most detailed part."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from image_processor.engine.pixels.detection.box import Box
from image_processor.engine.pixels.detection.faces import faces
from image_processor.engine.pixels.detection.reduced import reduced
from image_processor.engine.pixels.opencv import cv2

_LONGEST_SIDE = 360
# How much less a pixel at the edge counts than one in the middle.
_CENTRE_BIAS = 0.25


def interest(image: Image.Image, width: int, height: int) -> Box:
    """The most interesting rectangle of `width` x `height` pixels in `image`.

    Faces come first, then detail. Raises ValueError if the rectangle does not fit the image.
    """
    if not (1 <= width <= image.width and 1 <= height <= image.height):
        raise ValueError(
            f"{width}x{height} pixels do not fit into {image.width}x{image.height} pixels"
        )
    found = faces(image)
    return (
        centre_on_faces(found, image, width, height)
        if found
        else _most_detailed(image, width, height)
    )


def centre_on_faces(found: list[Box], image: Image.Image, width: int, height: int) -> Box:
    """The rectangle centred on the largest face and as many other faces as fit."""
    kept = found[0]
    for face in found[1:]:
        both = Box(
            min(kept.left, face.left),
            min(kept.top, face.top),
            max(kept.right, face.right),
            max(kept.bottom, face.bottom),
        )
        if both.width <= width and both.height <= height:
            kept = both
    across, down = kept.middle
    return _box_inside(across - width / 2, down - height / 2, image, width, height)


def _box_inside(left: float, top: float, image: Image.Image, width: int, height: int) -> Box:
    """The rectangle at `left` and `top`, moved into the image."""
    first = min(max(0, round(left)), image.width - width)
    second = min(max(0, round(top)), image.height - height)
    return Box(first, second, first + width, second + height)


def _most_detailed(image: Image.Image, width: int, height: int) -> Box:
    small, factor = reduced(image, _LONGEST_SIDE, "RGB")
    rows, columns = small.shape[:2]
    across, down = min(columns, round(width / factor)), min(rows, round(height / factor))
    across, down = max(1, across), max(1, down)
    # The sum of every rectangle at once, from four corners of the integral image.
    total = cv2.integral(_weights(small), sdepth=cv2.CV_64F)
    sums = (total[down:, across:] - total[:-down, across:] - total[down:, :-across]) + total[
        :-down, :-across
    ]
    top, left = np.unravel_index(int(np.argmax(sums)), sums.shape)
    # The outermost places of the copy map to those of the image, despite rounding.
    free_across, free_down = image.width - width, image.height - height
    first = float(left) / max(1, sums.shape[1] - 1) * free_across
    second = float(top) / max(1, sums.shape[0] - 1) * free_down
    return _box_inside(first, second, image, width, height)


def _weights(small: NDArray[Any]) -> NDArray[Any]:
    """The weight of each pixel of an RGB copy: edges count, most where the colour is salient.

    Salience is the distance to the mean colour, after Achanta et al. (2009).
    """
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    soft = cv2.GaussianBlur(lab, (0, 0), 1.5)
    distance = soft - soft.mean(axis=(0, 1))
    salience = np.sqrt((distance * distance).sum(axis=2))
    light = np.ascontiguousarray(soft[:, :, 0])
    edges = cv2.magnitude(cv2.Scharr(light, cv2.CV_32F, 1, 0), cv2.Scharr(light, cv2.CV_32F, 0, 1))
    # Blurred, because detail is an area and not the thin lines in it.
    detail = cv2.blur(edges, (9, 9)) * (0.3 + salience / (float(salience.max()) + 1e-3))
    rows, columns = light.shape
    down = np.abs(np.linspace(-1, 1, rows + 2)[1:-1])[:, None]
    across = np.abs(np.linspace(-1, 1, columns + 2)[1:-1])[None]
    middle: NDArray[Any] = 1 - _CENTRE_BIAS * np.maximum(down, across)
    # The small constant lets the middle win in a picture without any detail.
    weights: NDArray[Any] = (detail + np.float32(1e-3)) * middle.astype(np.float32)
    return weights
