"""Operations that colour a picture with given colours: tint, duotone."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.parameters import Fraction, OpaqueColour, is_gray, rgba
from image_processor.engine.operations.tone.pointwise import ByMatrix, ByTable
from image_processor.engine.pixels import matrices, tables
from image_processor.engine.pixels.colour import on_colour
from image_processor.engine.pixels.matrices import LUMA, Matrix
from image_processor.engine.pixels.tables import IDENTITY, Table


class Tint(ByTable):
    """Shift the middle tones towards a colour; black, white and brightness stay.

    The formula is that of `-tint` in ImageMagick.
    """

    name = "tint"
    example: ClassVar[dict[str, Any]] = {"color": "#c06010", "amount": 0.5}

    color: OpaqueColour = Field(
        description="Opaque colour of the tint; a gray one changes nothing."
    )
    amount: Fraction = Field(default=0.5, description="Strength of the tint.")

    def tables(self) -> tuple[Table, ...]:
        colours = rgba(self.color)[:3]
        if self.amount == 0 or is_gray(self.color):
            return (IDENTITY,)
        luma = sum(weight * value for weight, value in zip(LUMA, colours, strict=True))
        return tuple(tables.toned(self.amount * (value - luma) / 255) for value in colours)


class Duotone(ByMatrix):
    """Two colours in place of black and white, and their mixtures in between."""

    name = "duotone"
    example: ClassVar[dict[str, Any]] = {"shadows": "#1a1a5e", "highlights": "#ffd9a0"}

    shadows: OpaqueColour = Field(
        default="#1b1464ff", description="Opaque colour in place of black."
    )
    highlights: OpaqueColour = Field(
        default="#ffe3b3ff", description="Opaque colour in place of white."
    )
    amount: Fraction = Field(default=1.0, description="How far from the original to two tones.")

    def plan(self, frame: Frame) -> Frame:
        return frame if self._keeps_gray() else frame.in_colour()

    def _keeps_gray(self) -> bool:
        return self.amount == 0 or (is_gray(self.shadows) and is_gray(self.highlights))

    def matrix(self) -> Matrix | None:
        if self.amount == 0:
            return None
        tones = matrices.two_tones(rgba(self.shadows), rgba(self.highlights))
        return matrices.mixed(matrices.IDENTITY, tones, self.amount)

    def apply(self, image: Image.Image) -> Image.Image:
        matrix = self.matrix()
        if matrix is None or image.mode not in ("L", "LA") or not self._keeps_gray():
            return super().apply(image)
        # Gray stays gray: the weights of one row together are what they make of gray.
        slope, offset = sum(matrix[0][:3]), matrix[0][3] / 255
        table = (tables.linear(slope, offset),)
        return on_colour(image, lambda gray: tables.through_tables(gray, table))
