"""Pencil drawing: outlines, and strokes that leave the hollows of the paper white."""

from __future__ import annotations

from image_processor.engine.operations.artistic import texture
from image_processor.engine.operations.artistic.canvas import Bytes, Canvas, Strip
from image_processor.engine.operations.artistic.lines import ink, ridges
from image_processor.engine.operations.artistic.smoothing import smooth
from image_processor.engine.operations.artistic.tones import stretch
from image_processor.engine.pixels.opencv import cv2


class Outlines:
    """Dark lines on white, where the picture is darker than its surroundings or has edges."""

    def __init__(self, canvas: Canvas, strength: float) -> None:
        self.canvas, self.strength = canvas, strength
        unit = canvas.small_unit
        # Black is lightened, so that the dodge divides by no small number.
        tone = cv2.convertScaleAbs(canvas.small_tone, alpha=0.78, beta=56)
        tone = smooth(tone, unit, rounds=1, contrast=10.0, quickly=canvas.is_reduced)
        around = cv2.GaussianBlur(tone, (0, 0), max(1.5, 8 * unit))
        # A colour dodge: tone divided by blurred tone, white where nothing stands out.
        self.dodge = cv2.divide(tone, around, scale=255)
        self.ridge = ridges(tone, 1.8 * unit)

    def paint(self, strip: Strip) -> Bytes:
        dodge = self.canvas.enlarge(self.dodge, strip)
        soft = stretch(dodge, 0.45, 0.96)
        hard = ink(self.canvas, self.ridge, strip, -0.002, 40.0)
        lines = cv2.multiply(soft, hard, scale=1 / 255)
        return cv2.convertScaleAbs(lines, alpha=self.strength, beta=255 * (1 - self.strength))


class Hatching:
    """Parallel strokes, crossed in the dark parts.

    `width` is the width of the strokes, in about two thousandths of the picture's side;
    `roughness` (0..1) that of the paper.
    """

    def __init__(self, canvas: Canvas, width: float, roughness: float) -> None:
        self.first = texture.on_picture(canvas, texture.strokes(52.0, 31), width * canvas.unit)
        self.second = texture.on_picture(canvas, texture.strokes(18.0, 32), width * canvas.unit)
        self.grain = texture.on_picture(canvas, texture.paper(), 0.4 * canvas.unit)
        self.roughness = roughness

    def cover(self, strip: Strip, darkness: Bytes) -> Bytes:
        """Where the pencil leaves its colour, so that the strokes are as dark as `darkness`."""
        once = cv2.addWeighted(darkness, 1.8, self.first.on(strip), -1.0, 0)
        deep = cv2.addWeighted(darkness, 1.9, self.second.on(strip), -1.0, -110)
        both = cv2.add(once, deep)
        # The grain shows under light strokes and is filled by hard ones.
        tooth = cv2.convertScaleAbs(self.grain.on(strip), alpha=-self.roughness, beta=255)
        bitten = cv2.multiply(both, tooth, scale=1 / 255)
        return cv2.addWeighted(bitten, 0.75, both, 0.25, 0)
