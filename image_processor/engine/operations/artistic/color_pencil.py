"""Coloured pencil: strokes in the colours of the picture on white paper."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Strip
from image_processor.engine.operations.artistic.effect import Effect, Painter
from image_processor.engine.operations.artistic.pencil import Hatching, Outlines
from image_processor.engine.operations.artistic.smoothing import smooth
from image_processor.engine.operations.artistic.tones import TONES, adjust, blend, stretch
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels.opencv import cv2

_PAPER = 253


class ColorPencil(Effect):
    """Draw the picture with coloured pencils on white paper."""

    name = "color_pencil"
    example: ClassVar[dict[str, Any]] = {"pressure": 0.7}

    edges: Fraction = Field(default=0.6, description="How dark the outlines are.")
    pressure: Fraction = Field(default=0.6, description="How much of the paper is covered.")
    saturation: Annotated[float, Field(ge=0, le=3)] = Field(
        default=1.4, description="How strong the colours become; 1 changes nothing."
    )
    paper: Fraction = Field(default=0.5, description="How rough the paper is.")

    def painter(self, canvas: Canvas) -> Painter:
        calm = smooth(
            canvas.small, canvas.small_unit, rounds=2, contrast=24.0, quickly=canvas.is_reduced
        )
        lightest = cv2.max(cv2.max(calm[:, :, 0], calm[:, :, 1]), calm[:, :, 2])
        darkest = cv2.min(cv2.min(calm[:, :, 0], calm[:, :, 1]), calm[:, :, 2])
        # Dark parts and colourful parts both need pigment.
        need = cv2.addWeighted(lightest, 0.35, darkest, -1.0, 166)
        need = cv2.convertScaleAbs(need, alpha=0.5 + 0.7 * self.pressure, beta=30 * self.pressure)
        lines, hatching = Outlines(canvas, self.edges), Hatching(canvas, 0.6, self.paper)
        brighter = stretch(TONES, -0.10, 1.0, 0.9)

        def paint(strip: Strip) -> Bytes:
            colours = canvas.enlarge(calm, strip)
            pigment = adjust(colours, brighter, self.saturation)
            amount = canvas.enlarge(need, strip)
            # First an even layer with the side of the pencil, then the strokes.
            bare = cv2.convertScaleAbs(amount, alpha=-0.55, beta=255)
            strokes = cv2.bitwise_not(hatching.cover(strip, amount))
            cover = cv2.bitwise_not(cv2.multiply(bare, strokes, scale=1 / 255))
            drawn = blend(np.full_like(pigment, _PAPER), pigment, cover)
            return blend(cv2.convertScaleAbs(pigment, alpha=0.35), drawn, lines.paint(strip))

        return paint
