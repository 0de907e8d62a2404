"""Pop art: a few bright colours, halftone dots and heavy ink."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Floats, Strip
from image_processor.engine.operations.artistic.effect import Effect, Painter
from image_processor.engine.operations.artistic.lines import ink, ridges, threshold
from image_processor.engine.operations.artistic.tones import TONES, multiply
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels.css_colour import rgba
from image_processor.engine.pixels.opencv import cv2

# Inks from the darkest tone to the lightest.
_PALETTES = {
    "factory": ("#1b1464ff", "#e6007eff", "#ff7a00ff", "#ffe100ff", "#fff6d5ff"),
    "comic": ("#101018ff", "#d7182aff", "#1f8fe0ff", "#ffd800ff", "#fffdf2ff"),
    "neon": ("#12002fff", "#7a00ffff", "#ff00a8ff", "#00e5ffff", "#f4ff61ff"),
    "candy": ("#3a1d5cff", "#e8457aff", "#ff9eb5ff", "#8fe3d9ff", "#fff7e8ff"),
    "retro": ("#22303cff", "#c8402fff", "#e9962eff", "#86b5a1ff", "#f6ecd0ff"),
}
_INKS = 5
_SMALLEST_CELL = 5.0


class PopArt(Effect):
    """Make a screen print in a few bright colours, with halftone dots and heavy ink."""

    name = "pop_art"
    example: ClassVar[dict[str, Any]] = {"palette": "comic", "levels": 4}

    palette: Literal["factory", "comic", "neon", "candy", "retro"] = Field(
        default="factory", description="The inks, from dark to light."
    )
    levels: Annotated[int, Field(ge=2, le=_INKS)] = Field(default=5, description="Number of inks.")
    dots: Fraction = Field(
        default=0.6, description="How much of the tones is made of halftone dots."
    )
    dot_size: Annotated[float, Field(ge=0.3, le=5, json_schema_extra={"x-unit": "%"})] = Field(
        default=1.2, description="Distance between dots, in per cent of the picture's side."
    )
    edges: Fraction = Field(default=0.5, description="How many lines are inked; 0 for none.")

    def plan(self, frame: Frame) -> Frame:
        return frame.in_colour()

    def painter(self, canvas: Canvas) -> Painter:
        unit = canvas.small_unit
        tone = canvas.small_tone
        for _ in range(2):
            tone = cv2.bilateralFilter(tone, 9, 40, max(1.0, 2.5 * unit))
        # Equalised, so that every ink gets its share in dark pictures too.
        even = cv2.createCLAHE(2.0, (4, 4)).apply(tone)
        even = cv2.GaussianBlur(even, (0, 0), max(0.6, 1.2 * unit)).astype(np.float32)
        ridge = ridges(tone, 2.6 * unit) if self.edges else None
        inks = self._inks()

        def paint(strip: Strip) -> Bytes:
            place = canvas.enlarge(even, strip) * np.float32((self.levels - 1) / 255)
            place += self._screen(canvas, strip)
            # The border between two inks is about a pixel wide, also in a reduced picture.
            tones = _quantize(place, self.levels, max(1.0, 16 / canvas.shrink))
            printed = cv2.LUT(cv2.merge([tones, tones, tones]), inks)
            if ridge is None:
                return printed
            return multiply(printed, ink(canvas, ridge, strip, threshold(self.edges), 140.0))

        return paint

    def _inks(self) -> Bytes:
        """The colours of 256 tones, shape (1, 256, 3); mixtures of two inks soften the borders."""
        all_inks = np.array([rgba(colour)[:3] for colour in _PALETTES[self.palette]])
        chosen = all_inks[np.rint(np.linspace(0, _INKS - 1, self.levels)).astype(int)]
        places = np.linspace(0, self.levels - 1, len(TONES))
        channels = [np.interp(places, np.arange(self.levels), chosen[:, band]) for band in range(3)]
        table: Bytes = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
        return table[None]

    def _screen(self, canvas: Canvas, strip: Strip) -> Floats:
        """The halftone screen at 45 degrees, from -dots/2 to dots/2 of a level."""
        shrink = canvas.shrink
        cell = max(_SMALLEST_CELL, 10 * self.dot_size * canvas.unit * shrink)
        rate, first = math.pi * math.sqrt(2) / cell, (shrink - 1) / 2
        rows = np.cos((np.arange(strip.top, strip.bottom) * shrink + first) * rate)
        rows *= 0.5 * self.dots
        columns = np.cos((np.arange(canvas.width) * shrink + first) * rate)
        return np.outer(rows.astype(np.float32), columns.astype(np.float32))


def _quantize(place: Floats, levels: int, sharpness: float) -> Bytes:
    """Whole levels 0..levels - 1 spread over 0..255; borders are 1/`sharpness` of a level wide."""
    below = np.floor(place)
    rest = np.clip(
        (place - below - np.float32(0.5)) * np.float32(sharpness) + np.float32(0.5), 0, 1
    )
    spread = np.float32(255 / (levels - 1))
    stepped: Bytes = np.clip((below + rest) * spread + np.float32(0.5), 0, 255).astype(np.uint8)
    return stepped
