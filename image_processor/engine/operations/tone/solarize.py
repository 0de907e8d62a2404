"""Solarize: the negative of the bright tones only."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels import tables
from image_processor.engine.pixels.tables import Table


class Solarize(ByTable):
    """Turn bright tones into their negative, as if light had fallen on the film."""

    name = "solarize"
    example: ClassVar[dict[str, Any]] = {"threshold": 128}

    threshold: Annotated[int, Field(ge=0, le=255)] = Field(
        default=128, description="Darkest value that is inverted; 0 inverts all."
    )

    def tables(self) -> tuple[Table, ...]:
        return (tables.solarized(self.threshold),)
