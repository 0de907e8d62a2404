"""The picture as an effect sees it: a reduced copy for decisions, full-size strips to paint.

A photograph of 50 megapixels is never in memory as one array. Decisions are made on a copy of at
most `WORKING_PIXELS`; the full size is painted in strips, two at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from image_processor.engine.pixels.opencv import cv2

# OpenCV's type hints do not distinguish element types. These names do, for readers.
Bytes = NDArray[Any]  # uint8
Floats = NDArray[Any]  # float32

WORKING_PIXELS = 3_200_000
STRIP_PIXELS = 500_000

_WHITE = 255.0


def reduction(width: int, height: int) -> int:
    """The whole factor by which both sides are reduced to leave at most `WORKING_PIXELS`."""
    return max(1, math.ceil(math.sqrt(width * height / WORKING_PIXELS)))


def strip_rows(width: int, margin: int) -> int:
    """How many rows a strip paints; it sees `margin` more rows at both ends."""
    return max(STRIP_PIXELS // width, margin, 1)


def unit_of(width: int, height: int) -> float:
    """A thousandth of the geometric mean of the sides, in pixels.

    Effects measure lengths in it, so that they look alike at any size.
    """
    return math.sqrt(width * height) / 1000


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows `top` up to `bottom` of the picture. Those within `inner` are painted.

    `colours` is RGB, shape (bottom - top, width, 3); invisible pixels have the colours of visible
    ones nearby. `tone` is the luma of the picture on white, shape (bottom - top, width).
    """

    top: int
    bottom: int
    inner: slice
    colours: Bytes
    tone: Bytes


class Canvas:
    """An image (`L`, `LA`, `RGB` or `RGBA`) and its reduced copy.

    A preview paints a reduced image of a picture of the size `full`. One pixel of the image is then
    as wide as `shrink` pixels of that picture, and one of the copy as `small_shrink` of its copy.
    The sides of the copy are divided by `coarseness` once more.
    """

    def __init__(
        self, image: Image.Image, full: tuple[int, int] | None = None, coarseness: int = 1
    ) -> None:
        self.image = image
        self.width, self.height = image.size
        self.factor = reduction(image.width, image.height) * coarseness
        width, height = full or image.size
        self.shrink = math.sqrt(width * height / (image.width * image.height))
        self.small_shrink = self.shrink * self.factor / reduction(width, height)
        self.transparent = image.mode in ("LA", "RGBA")

    @property
    def is_reduced(self) -> bool:
        """Whether a preview is painted."""
        return self.shrink > 1

    @property
    def unit(self) -> float:
        """See `unit_of`, in pixels of the image."""
        return unit_of(self.width, self.height)

    @property
    def small_unit(self) -> float:
        """See `unit_of`, in pixels of the reduced copy."""
        return self.unit / self.factor

    @cached_property
    def small(self) -> Bytes:
        """The reduced copy, RGB."""
        return self._reduced_copy[0]

    @cached_property
    def small_tone(self) -> Bytes:
        """The luma of the reduced copy on white."""
        colours, alpha = self._reduced_copy
        return _luma_on_white(colours, alpha)

    @cached_property
    def _reduced_copy(self) -> tuple[Bytes, Bytes | None]:
        rows = max(1, STRIP_PIXELS // self.width // self.factor) * self.factor
        parts = []
        for top in range(0, self.height, rows):
            part = self.image.crop((0, top, self.width, min(self.height, top + rows)))
            parts.append(_rgb_and_alpha(part.reduce(self.factor) if self.factor > 1 else part))
        colours = np.concatenate([part[0] for part in parts])
        if not self.transparent:
            return colours, None
        alpha = np.concatenate([part[1] for part in parts if part[1] is not None])
        return _fill_invisible(colours, alpha), alpha

    def strips(self, margin: int) -> list[tuple[int, int]]:
        """The first and last row (exclusive) that each strip paints."""
        rows = strip_rows(self.width, margin)
        return [(top, min(self.height, top + rows)) for top in range(0, self.height, rows)]

    def strip(self, top: int, bottom: int, margin: int) -> Strip:
        first, last = max(0, top - margin), min(self.height, bottom + margin)
        part = self.image.crop((0, first, self.width, last))
        colours, alpha = _rgb_and_alpha(part)
        tone = _luma_on_white(colours, alpha)
        if alpha is not None:
            behind = self._enlarge_rows(self.small, first, last)
            cv2.copyTo(behind, np.asarray(alpha == 0, np.uint8), colours)
        return Strip(first, last, slice(top - first, bottom - first), colours, tone)

    def enlarge(self, small: NDArray[Any], strip: Strip) -> NDArray[Any]:
        """The rows of `strip`, at full size, of an array computed on the reduced copy."""
        return self._enlarge_rows(small, strip.top, strip.bottom)

    def _enlarge_rows(self, small: NDArray[Any], top: int, bottom: int) -> NDArray[Any]:
        factor = self.factor
        if factor == 1:
            return small[top:bottom]
        first = max(0, top // factor - 2)
        last = min(len(small), -(-bottom // factor) + 2)
        part = small[first:last]
        size = (part.shape[1] * factor, part.shape[0] * factor)
        large = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
        rows = large[top - first * factor : bottom - first * factor, : self.width]
        return np.ascontiguousarray(rows)


def _rgb_and_alpha(image: Image.Image) -> tuple[Bytes, Bytes | None]:
    if image.mode in ("LA", "RGBA"):
        pixels = np.asarray(image if image.mode == "RGBA" else image.convert("RGBA"))
        return cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), np.ascontiguousarray(pixels[:, :, 3])
    return np.array(image if image.mode == "RGB" else image.convert("RGB")), None


def _luma_on_white(colours: Bytes, alpha: Bytes | None) -> Bytes:
    tone = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    if alpha is None:
        return tone
    # A half-transparent pixel counts as opaque, because its alpha will lighten it later.
    present = cv2.convertScaleAbs(alpha, alpha=4)
    dark = cv2.multiply(cv2.bitwise_not(tone), present, scale=1 / 255)
    return cv2.bitwise_not(dark)


def _fill_invisible(colours: Bytes, alpha: Bytes) -> Bytes:
    """`colours` with invisible pixels replaced by the mean of visible ones around them."""
    known = np.asarray(alpha > 0, np.float32)
    weighted = colours * known[:, :, None]
    filled = colours.copy()
    missing = known == 0
    radius = 2
    while missing.any():
        size = (2 * radius + 1, 2 * radius + 1)
        total = cv2.blur(known, size, borderType=cv2.BORDER_REPLICATE)
        found = missing & (total > 1e-6)
        if radius > 2 * max(alpha.shape):
            filled[missing] = _WHITE
            break
        mean = cv2.blur(weighted, size, borderType=cv2.BORDER_REPLICATE)
        filled[found] = (mean[found] / total[found][:, None] + 0.5).clip(0, 255)
        missing &= ~found
        radius *= 4
    return filled
