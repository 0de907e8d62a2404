"""Grayscale: remove the colour."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import FusesColour
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels import matrices
from image_processor.engine.pixels.alpha import on_colour, to_gray
from image_processor.engine.pixels.colour_steps import ColourStep, Luma, Weights


class Grayscale(Operation, FusesColour):
    """Remove the colour; at full strength the result has a single channel."""

    name = "grayscale"
    group = Group.TONE
    example: ClassVar[dict[str, Any]] = {}
    peak_bytes = (9.0, 14.0)

    amount: Fraction = Field(default=1.0, description="How much of the colour is removed.")

    def is_linear(self) -> bool:
        return True

    def plan(self, frame: Frame) -> Frame:
        return frame.in_gray() if self.amount == 1 else frame

    def colour_steps(self) -> tuple[ColourStep, ...]:
        return (Luma() if self.amount == 1 else Weights(matrices.gray(self.amount)),)

    def apply(self, image: Image.Image) -> Image.Image:
        if self.amount == 1:
            return to_gray(image)
        if image.mode in ("L", "LA"):
            return image
        matrix = matrices.gray(self.amount)
        return on_colour(image, lambda colour: matrices.apply_matrix(colour, matrix))
