"""Blur: a Gaussian blur."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import Radius
from image_processor.engine.pixels.alpha import on_premultiplied
from image_processor.engine.pixels.gaussian import Gaussian, apply_in_strips


class Blur(Operation):
    """Soften the picture with a Gaussian blur."""

    name = "blur"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"radius": 4}
    peak_bytes = (13.0, 17.0)
    work = 1.2

    radius: Radius = Field(default=2.0, description="Width of the blur: its standard deviation.")

    def apply(self, image: Image.Image) -> Image.Image:
        gaussian = Gaussian(self.radius)
        # Premultiplied, so that the colours of invisible pixels do not bleed.
        return on_premultiplied(
            image, lambda pixels: apply_in_strips(pixels, gaussian.reach, gaussian.blur)
        )
