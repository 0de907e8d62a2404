"""Brightness and contrast, by the formulas of CSS."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.parameters import Change
from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels import tables
from image_processor.engine.pixels.tables import Table


class Brightness(ByTable):
    """Make the picture lighter or darker: -100 is black, 100 twice as bright.

    The formula is that of `brightness()` in CSS.
    """

    name = "brightness"
    example: ClassVar[dict[str, Any]] = {"amount": 25}

    amount: Change = Field(description="Change in per cent; 0 changes nothing.")

    def is_linear(self) -> bool:
        return self.amount <= 0

    def tables(self) -> tuple[Table, ...]:
        return (tables.linear(1 + self.amount / 100),)


class Contrast(ByTable):
    """Spread the tones around middle gray: -100 is all gray, 100 twice the contrast.

    The formula is that of `contrast()` in CSS.
    """

    name = "contrast"
    example: ClassVar[dict[str, Any]] = {"amount": 30}

    amount: Change = Field(description="Change in per cent; 0 changes nothing.")

    def is_linear(self) -> bool:
        return self.amount <= 0

    def tables(self) -> tuple[Table, ...]:
        return (tables.linear(1 + self.amount / 100, -self.amount / 200),)
