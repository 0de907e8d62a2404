"""Tint: a colour in the middle tones."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels import tables
from image_processor.engine.pixels.css_colour import OpaqueColour, is_gray, rgba
from image_processor.engine.pixels.matrices import LUMA
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
        return tuple(tables.tint(self.amount * (value - luma) / 255) for value in colours)
