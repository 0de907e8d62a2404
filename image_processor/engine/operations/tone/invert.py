"""Invert: the negative of the picture."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels import tables
from image_processor.engine.pixels.tables import Table


class Invert(ByTable):
    """Make the negative of the picture; alpha stays."""

    name = "invert"
    example: ClassVar[dict[str, Any]] = {}

    amount: Fraction = Field(
        default=1.0, description="Strength: 0 is the original, 1 the full negative."
    )

    def is_linear(self) -> bool:
        return True

    def tables(self) -> tuple[Table, ...]:
        return (tables.negative(self.amount),)
