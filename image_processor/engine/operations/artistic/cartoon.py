"""Cartoon: flat colours in few tones with inked outlines."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Strip
from image_processor.engine.operations.artistic.effect import Effect, Painter
from image_processor.engine.operations.artistic.lines import ink, ridges, threshold
from image_processor.engine.operations.artistic.smoothing import smooth
from image_processor.engine.operations.artistic.tones import adjust, multiply, step_table
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels.opencv import cv2


class Cartoon(Effect):
    """Flat colours in a few tones with inked outlines, like a comic."""

    name = "cartoon"
    example: ClassVar[dict[str, Any]] = {"levels": 6, "edges": 0.8}

    levels: Annotated[int, Field(ge=2, le=16)] = Field(
        default=7, description="Number of brightness levels."
    )
    edges: Fraction = Field(default=0.7, description="How many lines are drawn; 0 for none.")
    line_width: Annotated[float, Field(ge=0.5, le=10, json_schema_extra={"x-unit": "‰"})] = Field(
        default=2.6, description="Width of the lines, in thousandths of the picture's side."
    )
    saturation: Annotated[float, Field(ge=0, le=3)] = Field(
        default=1.35, description="How strong the colours become; 1 changes nothing."
    )

    def painter(self, canvas: Canvas) -> Painter:
        unit = canvas.small_unit
        calm = smooth(canvas.small, unit, rounds=5, quickly=canvas.is_reduced)
        calm = cv2.GaussianBlur(calm, (0, 0), max(0.5, 0.5 * unit))
        ridge = None
        if self.edges:
            tone = smooth(
                canvas.small_tone, unit, rounds=2, contrast=16.0, quickly=canvas.is_reduced
            )
            ridge = ridges(tone, self.line_width * unit)
        table = step_table(self.levels)

        def paint(strip: Strip) -> Bytes:
            flat = adjust(canvas.enlarge(calm, strip), table, self.saturation)
            if ridge is None:
                return flat
            return multiply(flat, ink(canvas, ridge, strip, threshold(self.edges), 110.0))

        return paint
