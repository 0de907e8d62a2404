"""Operations that look at a pixel's neighbourhood: blur, sharpen."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from PIL import Image, ImageFilter
from pydantic import Field

from image_processor.engine.colour import on_colour, premultiplied
from image_processor.engine.frame import Frame
from image_processor.engine.opencv import cv2
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import Radius

Strength = Annotated[float, Field(ge=0, le=500, json_schema_extra={"x-unit": "%"})]


class Blur(Operation):
    """Soften the picture with a Gaussian blur."""

    name = "blur"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"radius": 4}
    peak_bytes = (13.0, 17.0)
    work = 3.0

    radius: Radius = Field(default=2.0, description="Standard deviation of the blur.")

    def apply(self, image: Image.Image) -> Image.Image:
        return blurred(image, self.radius)


class Sharpen(Operation):
    """Bring out edges with an unsharp mask."""

    name = "sharpen"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"amount": 120, "radius": 1.5}
    peak_bytes = (13.0, 17.0)
    work = 3.0

    amount: Strength = Field(default=150.0, description="Strength; 100 doubles the contrast.")
    radius: Radius = Field(default=2.0, description="How wide the edges are that it brings out.")
    threshold: Annotated[int, Field(ge=0, le=255)] = Field(
        default=3, description="Smallest difference in brightness that is sharpened."
    )

    def apply(self, image: Image.Image) -> Image.Image:
        mask = ImageFilter.UnsharpMask(self.radius, round(self.amount), self.threshold)
        return on_colour(image, lambda colour: colour.filter(mask))

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Operation:
        smaller = super().reduced(full, real, target)
        assert isinstance(smaller, Sharpen)
        if smaller.radius > PreviewSharpen.widest:
            return smaller
        return PreviewSharpen.model_construct(**smaller.model_dump())


class PreviewSharpen(Sharpen):
    """The same to the eye, made by OpenCV in a fraction of the time; results keep Pillow's bytes.

    Its time grows with the radius and Pillow's does not: from `widest` on, nothing is won.
    """

    widest: ClassVar[float] = 4.0

    def apply(self, image: Image.Image) -> Image.Image:
        return on_colour(image, self._sharpened)

    def _sharpened(self, image: Image.Image) -> Image.Image:
        pixels = np.asarray(image)
        share = round(self.amount) / 100
        soft = cv2.GaussianBlur(pixels, (0, 0), self.radius)
        sharp = cv2.addWeighted(pixels, 1 + share, soft, -share, 0)
        np.copyto(sharp, pixels, where=cv2.absdiff(pixels, soft) <= self.threshold)
        return Image.fromarray(sharp)


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """Blurred, with colours weighted by alpha so that invisible ones do not bleed."""
    return premultiplied(image, lambda pixels: pixels.filter(ImageFilter.GaussianBlur(radius)))
