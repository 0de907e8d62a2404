"""Margins of one colour around an image: size, mode, pixels, and where points move to."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.pixels.css_colour import is_gray, rgba


class Margins(NamedTuple):
    """Widths in pixels."""

    top: int
    right: int
    bottom: int
    left: int

    def frame(self, frame: Frame, colour: str) -> Frame:
        """`frame` with the margins: in colour, or with alpha, if the margins need it."""
        frame = frame.resized(
            self.left + frame.width + self.right, self.top + frame.height + self.bottom
        )
        if rgba(colour)[3] < 255:
            frame = frame.with_alpha()
        return frame if is_gray(colour) else frame.in_colour()

    def apply(self, image: Image.Image, colour: str) -> Image.Image:
        """`image` with margins of `colour`."""
        target = self.frame(Frame.of(image), colour)
        red, green, blue, alpha = rgba(colour)
        fill = {
            "L": (red,),
            "LA": (red, alpha),
            "RGB": (red, green, blue),
            "RGBA": (red, green, blue, alpha),
        }[target.mode]
        result = Image.new(target.mode, target.size, fill)
        same = image.mode == target.mode
        result.paste(image if same else image.convert(target.mode), (self.left, self.top))
        return result

    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        """Where a point of the image lies with the margins; both as fractions."""
        return (
            (self.left + point[0] * frame.width) / (self.left + frame.width + self.right),
            (self.top + point[1] * frame.height) / (self.top + frame.height + self.bottom),
        )
