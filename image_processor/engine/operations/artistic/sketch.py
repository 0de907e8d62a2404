"""Sketch: a drawing in graphite on white paper, with outlines and hatched shadows."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Strip
from image_processor.engine.operations.artistic.effect import Effect, Painter
from image_processor.engine.operations.artistic.pencil import Hatching, Outlines
from image_processor.engine.operations.artistic.smoothing import smooth
from image_processor.engine.operations.artistic.tones import stretch
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels.opencv import cv2


class Sketch(Effect):
    """Make a pencil drawing with hatched shadows; at full strength it has a single channel."""

    name = "sketch"
    example: ClassVar[dict[str, Any]] = {"shading": 0.6}

    edges: Fraction = Field(default=0.8, description="How dark the outlines are.")
    shading: Fraction = Field(default=0.5, description="How much the shadows are hatched.")
    paper: Fraction = Field(default=0.5, description="How rough the paper is.")

    def plan(self, frame: Frame) -> Frame:
        return frame.in_gray() if self.strength == 1 else frame

    def painter(self, canvas: Canvas) -> Painter:
        lines, hatching = Outlines(canvas, self.edges), Hatching(canvas, 0.9, self.paper)
        forms = smooth(
            canvas.small_tone, canvas.small_unit, rounds=2, contrast=30.0, quickly=canvas.is_reduced
        )
        # A dark picture is drawn lighter, or all of the paper would be hatched.
        middle = max(float(np.median(forms)) / 255, 1e-3)
        gamma = min(1.0, max(0.5, math.log(0.55) / math.log(min(middle, 0.99))))
        forms = stretch(forms, 0, 1, gamma)
        dark = cv2.addWeighted(forms, -2.0 * self.shading, forms, 0, 410 * self.shading)

        def paint(strip: Strip) -> Bytes:
            shadow = canvas.enlarge(dark, strip)
            graphite = cv2.convertScaleAbs(hatching.cover(strip, shadow), alpha=-0.8, beta=255)
            drawn = cv2.multiply(lines.paint(strip), graphite, scale=1 / 255)
            # Graphite is not quite black, and paper is not quite white.
            return cv2.cvtColor(cv2.convertScaleAbs(drawn, alpha=0.85, beta=35), cv2.COLOR_GRAY2RGB)

        return paint
