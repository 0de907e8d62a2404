"""Gaussian blur whose time hardly depends on its width."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from image_processor.engine.pixels.opencv import cv2
from image_processor.engine.pixels.strips import strips

Plane = NDArray[Any]  # uint8 or float32, rows x columns, or rows x columns x channels of uint8

# Up to these standard deviations the true kernel is as fast as box filters. Bytes have a kernel in
# fixed-point numbers, which is faster than that of floating-point numbers.
_MAX_TRUE_BYTES = 4.0
_MAX_TRUE_FLOATS = 2.0
_BOXES = 3
# Up to this reach strips are so low that they may hold all channels.
_MAX_LOW_REACH = 24
# Minimum height of a strip, in multiples of the blur's reach.
_STRIP_REACHES = 8


@dataclass(frozen=True)
class Gaussian:
    """A blur by a standard deviation in pixels. Edge pixels are repeated outside the image."""

    deviation: float

    @property
    def reach(self) -> int:
        """How many rows of bytes away a pixel still has an influence."""
        if self.deviation <= _MAX_TRUE_BYTES:
            return math.ceil(3 * self.deviation) + 1
        return sum(width // 2 + 1 for width, _ in self.boxes())

    def boxes(self) -> list[tuple[int, float]]:
        """The box filters of a wide blur: the width of each, and the share of the next wider box.

        Three box filters in a row are nearly a Gaussian with the sum of their variances. Boxes
        have odd widths, so the last box is a mixture of two widths. It makes the sum exact.

        P. Kovesi: "Fast Almost-Gaussian Filtering", DICTA 2010; the mixture after P. Gwosdek
        et al.: "Theoretical Foundations of Gaussian Convolution by Extended Box Filtering", 2011.
        """
        variance = self.deviation**2
        width = math.isqrt(int(12 * variance / _BOXES + 1))
        width -= 1 - width % 2
        narrow, wide = _variance(width), _variance(width + 2)
        wider, share = divmod((variance - _BOXES * narrow) / (wide - narrow), 1)
        widths = [width + 2] * int(wider) + [width] * (_BOXES - 1 - int(wider))
        return [*((each, 0.0) for each in widths), (width, share)]

    def blur(self, plane: Plane) -> Plane:
        """`plane`, blurred."""
        longest = _MAX_TRUE_BYTES if plane.dtype == np.uint8 else _MAX_TRUE_FLOATS
        if self.deviation <= longest:
            border = cv2.BORDER_REPLICATE
            return cv2.GaussianBlur(plane, (0, 0), self.deviation, borderType=border)
        for width, share in self.boxes():
            wider = _box(plane, width + 2) if share else None
            plane = _box(plane, width)
            if wider is not None:
                plane = cv2.addWeighted(plane, 1 - share, wider, share, 0, dst=plane)
        return plane


def apply_in_strips(
    image: Image.Image, reach: int, change: Callable[[Plane], Plane]
) -> Image.Image:
    """Apply `change` to each channel of `image`, a strip of rows at a time.

    A pixel of the result may depend on `reach` rows above and below. The work can be stopped before
    each strip.
    """
    # A worker process runs on each core; more threads would only compete with them.
    cv2.setNumThreads(1)
    if reach <= _MAX_LOW_REACH:
        return _apply_to_all_channels(image, reach, change)
    # Only one channel at a time takes memory for intermediate results.
    channels = [_apply(image.getchannel(name), reach, change) for name in image.getbands()]
    return Image.merge(image.mode, channels)


def _apply_to_all_channels(
    image: Image.Image, reach: int, change: Callable[[Plane], Plane]
) -> Image.Image:
    """Taking the channels apart and putting them together would cost as much as a narrow blur."""
    changed = Image.new(image.mode, image.size)
    for top, bottom in strips(*image.size, _STRIP_REACHES * reach):
        first, last = max(0, top - reach), min(image.height, bottom + reach)
        part = change(np.asarray(image.crop((0, first, image.width, last))))
        rows = part[top - first : bottom - first]
        size = image.width, bottom - top
        strip = Image.frombuffer(image.mode, size, rows, "raw", image.mode, 0, 1)
        changed.paste(strip, (0, top))
    return changed


def _apply(channel: Image.Image, reach: int, change: Callable[[Plane], Plane]) -> Image.Image:
    plane = np.asarray(channel)
    changed = np.empty_like(plane)
    for top, bottom in strips(*channel.size, _STRIP_REACHES * reach):
        first = max(0, top - reach)
        part = change(plane[first : bottom + reach])
        changed[top:bottom] = part[top - first : bottom - first]
    return Image.fromarray(changed)


def _variance(width: int) -> float:
    """The variance of a box filter of `width` pixels."""
    return (width**2 - 1) / 12


def _box(plane: Plane, width: int) -> Plane:
    return cv2.blur(plane, (width, width), borderType=cv2.BORDER_REPLICATE)
