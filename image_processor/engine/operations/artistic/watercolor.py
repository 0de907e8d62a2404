"""Watercolour: washes of thin paint on rough paper."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from image_processor.engine.operations.artistic import texture
from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Strip
from image_processor.engine.operations.artistic.effect import Effect, Painter
from image_processor.engine.operations.artistic.flattening import Daubs, whole_radius
from image_processor.engine.operations.artistic.smoothing import smooth
from image_processor.engine.operations.artistic.tones import TONES, adjust, blend, multiply, stretch
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels.gaussian import Gaussian
from image_processor.engine.pixels.opencv import cv2


class Watercolor(Effect):
    """Paint the picture in thin washes that pool at their edges, on rough paper."""

    name = "watercolor"
    example: ClassVar[dict[str, Any]] = {"paper": 0.7}

    brush_size: Annotated[float, Field(ge=0.2, le=3, json_schema_extra={"x-unit": "%"})] = Field(
        default=0.8, description="Width of the brush, in per cent of the picture's side."
    )
    bleed: Fraction = Field(default=0.5, description="How unevenly the pigment settles.")
    edges: Fraction = Field(default=0.5, description="How dark the rims of the washes are.")
    paper: Fraction = Field(default=0.5, description="How rough the paper is.")

    def margin(self, unit: float) -> int:
        return whole_radius(self._brush(unit) / 2)

    def _brush(self, unit: float) -> float:
        """Width of the brush in pixels."""
        return max(2.0, 10 * self.brush_size * unit)

    def painter(self, canvas: Canvas) -> Painter:
        brush = self._brush(canvas.unit)
        calm = smooth(
            canvas.small, canvas.small_unit, rounds=3, contrast=30.0, quickly=canvas.is_reduced
        )
        wash = _distort(calm, canvas)
        daubs = Daubs(canvas, wash, brush / 2)
        rims = _rims(wash, brush / canvas.factor)
        blotches = texture.on_copy(canvas, texture.cloud(), 2.0 * canvas.small_unit).whole()
        grain = texture.on_picture(canvas, texture.paper(), 0.4 * canvas.unit)
        lighter = stretch(TONES, -0.20, 0.93, 0.9)

        def density(strip: Strip) -> Bytes:
            """The density of the pigment: 128 as in the picture, 255 twice as dense."""
            settled = cv2.addWeighted(
                canvas.enlarge(blotches, strip),
                0.9 * self.bleed,
                grain.on(strip),
                0.4 * self.paper,
                128 - 127.5 * (0.9 * self.bleed + 0.4 * self.paper),
            )
            pooled = canvas.enlarge(rims, strip)
            return cv2.addWeighted(settled, 1, pooled, self.edges, 0)

        def paint(strip: Strip) -> Bytes:
            colours = adjust(daubs.paint(strip), lighter, 1.35)
            # C - (C - C^2)(d - 1), Bousseau et al. (2006), for densities d from 0 to 2.
            spare = cv2.multiply(colours, cv2.bitwise_not(colours), scale=1 / 255)
            washes = blend(cv2.add(colours, spare), cv2.subtract(colours, spare), density(strip))
            hollows = cv2.convertScaleAbs(grain.on(strip), alpha=-0.12 * self.paper, beta=255)
            return multiply(washes, hollows)

        return paint


def _distort(colours: Bytes, canvas: Canvas) -> Bytes:
    """`colours` with borders as uneven as a hand would paint them."""
    height, width = colours.shape[:2]
    unit = canvas.small_unit
    noise = texture.on_copy(canvas, texture.paper(), 6 * unit).whole()
    shift = Gaussian(max(1.0, 4 * unit)).blur(noise.astype(np.float32)) / 255 - 0.5
    reach = np.float32(8 * unit)
    columns, rows = np.meshgrid(
        np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    )
    across, down = shift * reach, np.roll(shift, height // 3, axis=0) * reach
    return cv2.remap(
        colours, columns + across, rows + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )


def _rims(wash: Bytes, brush: float) -> Bytes:
    """Where the paint of a darker wash pools: inside its border."""
    tone = cv2.cvtColor(wash, cv2.COLOR_RGB2GRAY).astype(np.float32)
    near = Gaussian(max(0.6, brush / 10)).blur(tone)
    wide = Gaussian(max(1.0, brush / 2.2)).blur(tone)
    return cv2.addWeighted(wide, 7.0, near, -7.0, -10, dtype=cv2.CV_8U)
