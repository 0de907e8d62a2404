"""Sepia: the brown tones of an old photograph."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.operations.tone.pointwise import ByMatrix
from image_processor.engine.pixels import matrices
from image_processor.engine.pixels.matrices import Matrix


class Sepia(ByMatrix):
    """Give the picture the brown tones of an old photograph."""

    name = "sepia"
    example: ClassVar[dict[str, Any]] = {"amount": 0.8}

    amount: Fraction = Field(default=1.0, description="Strength: 0 is the original, 1 full sepia.")

    def plan(self, frame: Frame) -> Frame:
        return frame.in_colour()

    def matrix(self) -> Matrix:
        return matrices.sepia(self.amount)
