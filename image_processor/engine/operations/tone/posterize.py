"""Posterize: few levels in each channel."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels import tables
from image_processor.engine.pixels.tables import Table


class Posterize(ByTable):
    """Reduce each channel to a few evenly spread levels, as in a printed poster."""

    name = "posterize"
    example: ClassVar[dict[str, Any]] = {"levels": 4}

    levels: Annotated[int, Field(ge=2, le=256)] = Field(
        default=8, description="Number of levels of each colour; 256 changes nothing."
    )

    def tables(self) -> tuple[Table, ...]:
        return (tables.steps(self.levels),)
