"""Oil painting: daubs of paint with the ridges of the bristles."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from image_processor.engine.operations.artistic import texture
from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Strip
from image_processor.engine.operations.artistic.effect import Effect, Painter
from image_processor.engine.operations.artistic.flattening import (
    Daubs,
    flatten_areas,
    statistics,
    whole_radius,
)
from image_processor.engine.operations.artistic.flow import Flow, flow, smear
from image_processor.engine.operations.artistic.tones import TONES, adjust
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels.gaussian import Gaussian
from image_processor.engine.pixels.opencv import cv2

# In pixels of a preview: what a brush of this width paints is smooth enough for a coarser copy.
_WIDE = 12.0


class OilPainting(Effect):
    """Paint the picture in thick paint, with a brush that follows the forms."""

    name = "oil_painting"
    example: ClassVar[dict[str, Any]] = {"brush_size": 1.5}

    small_bytes = 90.0

    brush_size: Annotated[float, Field(ge=0.2, le=3, json_schema_extra={"x-unit": "%"})] = Field(
        default=0.6, description="Width of the brush, in per cent of the picture's side."
    )
    relief: Fraction = Field(default=0.5, description="How thick the paint is.")
    saturation: Annotated[float, Field(ge=0, le=3)] = Field(
        default=1.25, description="How strong the colours become; 1 changes nothing."
    )

    def margin(self, unit: float) -> int:
        return whole_radius(self._brush(unit) / 4)

    def coarseness(self, unit: float) -> int:
        return 2 if self._brush(unit) >= _WIDE else 1

    def _brush(self, unit: float) -> float:
        """Width of the brush in pixels."""
        return max(2.0, 10 * self.brush_size * unit)

    def painter(self, canvas: Canvas) -> Painter:
        brush = self._brush(canvas.unit)
        small_brush = max(1.0, brush / canvas.factor)
        means, variance = statistics(canvas.small, small_brush / 3)
        rough = flatten_areas(means, variance, whole_radius(small_brush / 3))
        direction = flow(cv2.cvtColor(rough, cv2.COLOR_RGB2GRAY), small_brush)
        dragged = smear(rough, direction, 1.2 * small_brush)
        daubs = Daubs(canvas, dragged, brush / 4)
        height = self._bristles(canvas, small_brush, direction)

        def paint(strip: Strip) -> Bytes:
            colours = adjust(daubs.paint(strip), TONES, self.saturation)
            light = canvas.enlarge(height, strip)
            lit = cv2.merge([light, light, light])
            return cv2.multiply(colours, lit, scale=1 / 128)

        return paint

    def _bristles(self, canvas: Canvas, brush: float, direction: Flow) -> Bytes:
        """The brightness of the ridges of the paint; 128 where the paint is flat."""
        noise = texture.on_copy(canvas, texture.paper(), brush / 10).whole().astype(np.float32)
        ridges = smear(noise, direction, 2.5 * brush)
        raised = ridges - Gaussian(max(1.0, brush / 3)).blur(ridges)
        slope = cv2.filter2D(raised, -1, np.array([[1, 1, 0], [1, 0, -1], [0, -1, -1]], np.float32))
        spread = float(slope.std()) or 1.0
        light: Bytes = np.clip(128 + slope * (28 * self.relief / spread), 40, 215).astype(np.uint8)
        return light
