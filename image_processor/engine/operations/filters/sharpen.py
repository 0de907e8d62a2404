"""Sharpen: an unsharp mask."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import Radius
from image_processor.engine.pixels.alpha import on_colour
from image_processor.engine.pixels.gaussian import Gaussian, Plane, apply_in_strips
from image_processor.engine.pixels.opencv import cv2

Strength = Annotated[float, Field(ge=0, le=500, json_schema_extra={"x-unit": "%"})]


class Sharpen(Operation):
    """Bring out edges with an unsharp mask."""

    name = "sharpen"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"amount": 120, "radius": 1.5}
    peak_bytes = (13.0, 17.0)
    work = 1.5

    amount: Strength = Field(default=150.0, description="Strength; 100 doubles the contrast.")
    radius: Radius = Field(default=2.0, description="Width of the edges that are brought out.")
    threshold: Annotated[int, Field(ge=0, le=255)] = Field(
        default=3, description="Smallest difference in brightness that is sharpened."
    )

    def apply(self, image: Image.Image) -> Image.Image:
        gaussian = Gaussian(self.radius)
        share = self.amount / 100

        def sharpen(plane: Plane) -> Plane:
            soft = gaussian.blur(plane)
            sharp = cv2.addWeighted(plane, 1 + share, soft, -share, 0)
            np.copyto(sharp, plane, where=cv2.absdiff(plane, soft) <= self.threshold)
            return sharp

        return on_colour(image, lambda colour: apply_in_strips(colour, gaussian.reach, sharpen))
