"""Operations that look at a pixel's neighbourhood: blur, sharpen."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.filters.gaussian import Gaussian, Plane, by_channel
from image_processor.engine.operations.parameters import Radius
from image_processor.engine.pixels.colour import on_colour, premultiplied
from image_processor.engine.pixels.opencv import cv2

Strength = Annotated[float, Field(ge=0, le=500, json_schema_extra={"x-unit": "%"})]


class Blur(Operation):
    """Soften the picture with a Gaussian blur."""

    name = "blur"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"radius": 4}
    peak_bytes = (13.0, 17.0)
    work = 1.2

    radius: Radius = Field(default=2.0, description="Standard deviation of the blur.")

    def apply(self, image: Image.Image) -> Image.Image:
        blur = Gaussian(self.radius)
        # Weighted by alpha, so that colours that nobody sees do not bleed.
        return premultiplied(image, lambda pixels: by_channel(pixels, blur.reach, blur.of))


class Sharpen(Operation):
    """Bring out edges with an unsharp mask."""

    name = "sharpen"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"amount": 120, "radius": 1.5}
    peak_bytes = (13.0, 17.0)
    work = 1.5

    amount: Strength = Field(default=150.0, description="Strength; 100 doubles the contrast.")
    radius: Radius = Field(default=2.0, description="How wide the edges are that it brings out.")
    threshold: Annotated[int, Field(ge=0, le=255)] = Field(
        default=3, description="Smallest difference in brightness that is sharpened."
    )

    def apply(self, image: Image.Image) -> Image.Image:
        blur = Gaussian(self.radius)
        share = self.amount / 100

        def sharpened(plane: Plane) -> Plane:
            soft = blur.of(plane)
            sharp = cv2.addWeighted(plane, 1 + share, soft, -share, 0)
            np.copyto(sharp, plane, where=cv2.absdiff(plane, soft) <= self.threshold)
            return sharp

        return on_colour(image, lambda colour: by_channel(colour, blur.reach, sharpened))
