"""Duotone: two colours in place of black and white."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.operations.tone.pointwise import ByMatrix
from image_processor.engine.pixels import matrices, tables
from image_processor.engine.pixels.alpha import on_colour
from image_processor.engine.pixels.css_colour import OpaqueColour, is_gray, rgba
from image_processor.engine.pixels.matrices import Matrix


class Duotone(ByMatrix):
    """Replace black and white by two colours, and the tones in between by their mixtures."""

    name = "duotone"
    example: ClassVar[dict[str, Any]] = {"shadows": "#1a1a5e", "highlights": "#ffd9a0"}

    shadows: OpaqueColour = Field(
        default="#1b1464ff", description="Opaque colour in place of black."
    )
    highlights: OpaqueColour = Field(
        default="#ffe3b3ff", description="Opaque colour in place of white."
    )
    amount: Fraction = Field(
        default=1.0, description="Strength: 0 is the original, 1 only the two colours."
    )

    def plan(self, frame: Frame) -> Frame:
        return frame if self._keeps_gray() else frame.in_colour()

    def _keeps_gray(self) -> bool:
        return self.amount == 0 or (is_gray(self.shadows) and is_gray(self.highlights))

    def matrix(self) -> Matrix | None:
        if self.amount == 0:
            return None
        tones = matrices.two_tones(rgba(self.shadows), rgba(self.highlights))
        return matrices.interpolate(matrices.IDENTITY, tones, self.amount)

    def apply(self, image: Image.Image) -> Image.Image:
        matrix = self.matrix()
        if matrix is None or image.mode not in ("L", "LA") or not self._keeps_gray():
            return super().apply(image)
        # Gray stays gray: the sum of the weights in one row is the factor for gray.
        slope, offset = sum(matrix[0][:3]), matrix[0][3] / 255
        table = (tables.linear(slope, offset),)
        return on_colour(image, lambda gray: tables.apply_tables(gray, table))
