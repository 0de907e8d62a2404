"""Hue and saturation, as rotations and scalings around the gray axis."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.operations.parameters import Change, Degrees
from image_processor.engine.operations.tone.pointwise import ByMatrix
from image_processor.engine.pixels import matrices
from image_processor.engine.pixels.matrices import Matrix


class Saturation(ByMatrix):
    """Make colours stronger or weaker: -100 is gray, 100 twice as strong."""

    name = "saturation"
    example: ClassVar[dict[str, Any]] = {"amount": 40}

    amount: Change = Field(description="Change in per cent; 0 changes nothing.")

    def matrix(self) -> Matrix | None:
        return matrices.saturation(1 + self.amount / 100) if self.amount else None

    def apply(self, image: Image.Image) -> Image.Image:
        return image if image.mode in ("L", "LA") else super().apply(image)


class Hue(ByMatrix):
    """Turn all colours around the colour wheel; gray stays.

    The formula is that of `hue-rotate()` in CSS.
    """

    name = "hue"
    example: ClassVar[dict[str, Any]] = {"amount": 90}

    amount: Degrees = Field(description="Angle; 120 turns red into green, 0 changes nothing.")

    def matrix(self) -> Matrix | None:
        return matrices.hue(self.amount) if self.amount else None

    def apply(self, image: Image.Image) -> Image.Image:
        return image if image.mode in ("L", "LA") else super().apply(image)
