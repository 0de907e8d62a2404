"""Operations that take the colour out or exchange it: grayscale, sepia, invert."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.operations.tone.pointwise import ByMatrix, ByTable
from image_processor.engine.pixels import matrices, tables
from image_processor.engine.pixels.colour import on_colour, without_colour
from image_processor.engine.pixels.fusion_colour import ColourStep, Luma, Weights
from image_processor.engine.pixels.matrices import Matrix
from image_processor.engine.pixels.tables import Table


class Grayscale(Operation):
    """Take the colour out; in full it leaves a single-channel picture."""

    name = "grayscale"
    group = Group.TONE
    example: ClassVar[dict[str, Any]] = {}
    peak_bytes = (9.0, 14.0)

    amount: Fraction = Field(default=1.0, description="How much of the colour is taken out.")

    def scales(self) -> bool:
        return True

    def plan(self, frame: Frame) -> Frame:
        return frame.in_gray() if self.amount == 1 else frame

    def matrix(self) -> Matrix:
        return matrices.gray(self.amount)

    def colour(self) -> tuple[ColourStep, ...]:
        return (Luma() if self.amount == 1 else Weights(self.matrix()),)

    def apply(self, image: Image.Image) -> Image.Image:
        if self.amount == 1:
            return without_colour(image)
        if image.mode in ("L", "LA"):
            return image
        return on_colour(image, lambda colour: matrices.through_matrix(colour, self.matrix()))


class Sepia(ByMatrix):
    """Brown tones, like an old photograph."""

    name = "sepia"
    example: ClassVar[dict[str, Any]] = {"amount": 0.8}

    amount: Fraction = Field(default=1.0, description="How far from the original to sepia.")

    def plan(self, frame: Frame) -> Frame:
        return frame.in_colour()

    def matrix(self) -> Matrix:
        return matrices.sepia(self.amount)


class Invert(ByTable):
    """The negative of the picture; alpha stays."""

    name = "invert"
    example: ClassVar[dict[str, Any]] = {}

    amount: Fraction = Field(default=1.0, description="How far from the original to negative.")

    def scales(self) -> bool:
        return True

    def tables(self) -> tuple[Table, ...]:
        return (tables.negative(self.amount),)
