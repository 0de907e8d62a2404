"""Denoise: remove the grain of a photograph and keep its edges.

Non-local means (Buades, Coll and Morel 2005) in OpenCV's integer implementation: luma at full
size, chroma at half the size, because its noise is coarse and the eye sees less detail in it.
Denoising takes about a sixth of a second per megapixel on two cores.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import Reducible
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.operations.reduction import reduction_scale
from image_processor.engine.pixels.alpha import on_colour
from image_processor.engine.pixels.opencv import cv2
from image_processor.engine.pixels.strips import STRIP_PIXELS, strips

Plane = np.ndarray[Any, Any]

# Side of the compared patches, and of the neighbourhood that is searched for similar patches. The
# time grows with the square of the neighbourhood's side; the usual 21 takes four times as long.
_PATCH, _SEARCH = 5, 11
# How many rows away a pixel still has an influence. Even, because chroma is at half the size.
_REACH = 16
_MIN_ROWS = 256
_STRIP_BYTES = 24
# How much similar patches may differ at full strength, in levels of 0..255.
_LUMA_AT_FULL, _CHROMA_AT_FULL = 20.0, 14.0


class Denoise(Operation, Reducible):
    """Remove grain and colour noise and keep edges, by averaging patches that look alike."""

    name = "denoise"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"strength": 0.4}
    peak_bytes = (11.0, 15.0)
    work = 25.0

    strength: Fraction = Field(
        default=0.3, description="How much is smoothed: 0 changes nothing, 1 leaves little grain."
    )

    def peak(self, before: Frame, after: Frame) -> int:
        strip = max(STRIP_PIXELS, before.width * (_MIN_ROWS + 2 * _REACH))
        return super().peak(before, after) + min(before.pixels, strip) * _STRIP_BYTES

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Denoise:
        # Reducing the image has averaged most of the grain already.
        return self.model_copy(update={"strength": self.strength * reduction_scale(full, real)})

    def apply(self, image: Image.Image) -> Image.Image:
        if self.strength == 0:
            return image
        return on_colour(image, lambda colours: _denoise(colours, self.strength))


def _denoise(image: Image.Image, strength: float) -> Image.Image:
    """Denoise `image` (`L` or `RGB`) strip by strip, each with the rows that it depends on."""
    result = Image.new(image.mode, image.size)
    work = _denoise_gray if image.mode == "L" else _denoise_colour
    for top, bottom in strips(*image.size, _MIN_ROWS):
        upper = max(0, top - _REACH) // 2 * 2
        lower = min(image.height, (bottom + _REACH) // 2 * 2)
        part = np.asarray(image.crop((0, upper, image.width, lower)))
        done = work(part, strength)[top - upper : bottom - upper]
        result.paste(Image.fromarray(np.ascontiguousarray(done)), (0, top))
    return result


def _denoise_gray(values: Plane, strength: float) -> Plane:
    clean = cv2.fastNlMeansDenoising(
        values, h=strength * _LUMA_AT_FULL, templateWindowSize=_PATCH, searchWindowSize=_SEARCH
    )
    return np.asarray(clean)


def _denoise_colour(values: Plane, strength: float) -> Plane:
    height, width = values.shape[:2]
    # Even sides, so that chroma at half the size stays aligned.
    even = cv2.copyMakeBorder(values, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    planes = cv2.cvtColor(even, cv2.COLOR_RGB2YCrCb)
    luma = _denoise_gray(np.ascontiguousarray(planes[:, :, 0]), strength)
    chroma = np.ascontiguousarray(planes[:, :, 1:])
    size = luma.shape[1], luma.shape[0]
    half = cv2.resize(chroma, (size[0] // 2, size[1] // 2), interpolation=cv2.INTER_AREA)
    clean = cv2.fastNlMeansDenoising(
        half,
        h=strength * _CHROMA_AT_FULL,
        templateWindowSize=_PATCH,
        searchWindowSize=_SEARCH,
    )
    soft = cv2.resize(clean, size, interpolation=cv2.INTER_LINEAR)
    colours = cv2.cvtColor(np.dstack((luma, soft)), cv2.COLOR_YCrCb2RGB)
    return np.asarray(colours[:height, :width])
