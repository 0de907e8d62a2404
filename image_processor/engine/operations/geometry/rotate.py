"""Rotate: turn the picture by any angle."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import FusesGeometry, MovesPoints
from image_processor.engine.operations.parameters import Degrees
from image_processor.engine.operations.placement import clamp_point
from image_processor.engine.pixels.alpha import flatten, with_alpha
from image_processor.engine.pixels.css_colour import Colour, is_gray, rgba
from image_processor.engine.pixels.turn import NO_TURN, Turn


class Rotate(Operation, FusesGeometry, MovesPoints):
    """Turn the picture clockwise; multiples of 90 degrees lose nothing."""

    name = "rotate"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"degrees": 90}
    peak_bytes = (17.0, 20.0)
    work = 2.0

    degrees: Degrees = Field(description="Angle, clockwise; a negative angle turns the other way.")
    expand: bool = Field(
        default=True,
        description="Enlarge the picture so that nothing is cut off; otherwise keep its size.",
    )
    background: Colour | None = Field(
        default=None,
        description="Colour of the corners. By default they are transparent, or white if the "
        "format has no transparency.",
    )

    _TURNS: ClassVar[dict[float, Image.Transpose]] = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }

    def _is_transpose(self) -> bool:
        return self.degrees in (0, 180) or (self.degrees in (90, 270) and self.expand)

    def move(self, frame: Frame) -> Turn | None:
        if not self._is_transpose():
            return None
        method = self._TURNS.get(self.degrees)
        return NO_TURN if method is None else Turn.of(method)

    def peak(self, before: Frame, after: Frame) -> int:
        return 9 * before.pixels if self._is_transpose() else super().peak(before, after)

    def _sine_cosine(self) -> tuple[float, float]:
        angle = math.radians(self.degrees)
        return math.sin(angle), math.cos(angle)

    def _size(self, width: int, height: int) -> tuple[int, int]:
        if not self.expand:
            return width, height
        sine, cosine = map(abs, self._sine_cosine())
        # Rounded first, or 10.000000000000002 would become 11.
        wide = round(width * cosine + height * sine, 6)
        high = round(width * sine + height * cosine, 6)
        return max(1, math.ceil(wide)), max(1, math.ceil(high))

    def plan(self, frame: Frame) -> Frame:
        if self._is_transpose():
            turned = self.degrees % 180 != 0
            return frame.resized(frame.height, frame.width) if turned else frame
        target = frame.resized(*self._size(frame.width, frame.height))
        if self.background is None or rgba(self.background)[3] < 255:
            target = target.with_alpha()
        return target if self.background is None or is_gray(self.background) else target.in_colour()

    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        sine, cosine = self._sine_cosine()
        after = self.plan(frame)
        across, down = (point[0] - 0.5) * frame.width, (point[1] - 0.5) * frame.height
        return clamp_point(
            (across * cosine - down * sine) / after.width + 0.5,
            (across * sine + down * cosine) / after.height + 0.5,
        )

    def apply(self, image: Image.Image) -> Image.Image:
        if self._is_transpose():
            method = self._TURNS.get(self.degrees)
            return image.transpose(method) if method is not None else image
        target = self.plan(Frame.of(image))
        sine, cosine = self._sine_cosine()
        # A transparent rim of one pixel lets the interpolation fade the edges out, without steps.
        # Each state replaces the one before it, so that at most two exist besides the input.
        premultiplied = "La" if image.mode in ("L", "LA") else "RGBa"
        mode = "LA" if premultiplied == "La" else "RGBA"
        turned = Image.new(mode, (image.width + 2, image.height + 2))
        turned.paste(with_alpha(image), (1, 1))
        centre_x, centre_y = turned.width / 2, turned.height / 2
        matrix = (
            cosine,
            sine,
            centre_x - cosine * target.width / 2 - sine * target.height / 2,
            -sine,
            cosine,
            centre_y + sine * target.width / 2 - cosine * target.height / 2,
        )
        turned = turned.convert(premultiplied)
        turned = turned.transform(
            target.size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
        )
        turned = turned.convert(mode)
        if self.background is None:
            return turned
        return flatten(turned, rgba(self.background), target.mode)
