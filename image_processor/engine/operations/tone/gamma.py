"""Gamma: lighten or darken the middle tones."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels import tables
from image_processor.engine.pixels.tables import Table


class Gamma(ByTable):
    """Lighten or darken the middle tones; black and white stay."""

    name = "gamma"
    example: ClassVar[dict[str, Any]] = {"amount": 1.8}

    amount: Annotated[float, Field(ge=0.1, le=10)] = Field(
        description="Above 1 lighter, below 1 darker; 1 changes nothing."
    )

    def tables(self) -> tuple[Table, ...]:
        return (tables.power(self.amount),)
