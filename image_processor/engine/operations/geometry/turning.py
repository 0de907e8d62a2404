"""Operations that turn the picture: rotate, flip, mirror."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import Colour, Degrees, rgba, turn
from image_processor.engine.operations.placement import within
from image_processor.engine.pixels.colour import flatten, with_alpha
from image_processor.engine.pixels.fusion_geometry import Turn


class Rotate(Operation):
    """Turn the picture clockwise; multiples of 90 degrees lose nothing."""

    name = "rotate"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"degrees": 90}
    peak_bytes = (17.0, 20.0)
    work = 2.0

    degrees: Degrees = Field(description="Angle, clockwise; negative turns the other way.")
    expand: bool = Field(
        default=True,
        description="Grow the picture so that nothing is cut off; otherwise keep its size.",
    )
    background: Colour | None = Field(
        default=None, description="Colour of the corners: transparent, or white without alpha."
    )

    _TURNS: ClassVar[dict[float, Image.Transpose]] = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }

    def canonical(self) -> dict[str, Any]:
        return {**super().canonical(), "degrees": turn(self.degrees)}

    def _is_transpose(self) -> bool:
        angle = turn(self.degrees)
        return angle in (0, 180) or (angle in (90, 270) and self.expand)

    def move(self, frame: Frame) -> Turn | None:
        if not self._is_transpose():
            return None
        method = self._TURNS.get(turn(self.degrees))
        return Turn() if method is None else Turn.of(method)

    def peak(self, before: Frame, after: Frame) -> int:
        return 9 * before.pixels if self._is_transpose() else super().peak(before, after)

    def _size(self, width: int, height: int) -> tuple[int, int]:
        if not self.expand:
            return width, height
        angle = math.radians(turn(self.degrees))
        cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
        # Rounding first keeps 10.000000000000002 from becoming 11.
        wide = round(width * cosine + height * sine, 6)
        high = round(width * sine + height * cosine, 6)
        return max(1, math.ceil(wide)), max(1, math.ceil(high))

    def plan(self, frame: Frame) -> Frame:
        if self._is_transpose():
            turned = turn(self.degrees) % 180 != 0
            return frame.resized(frame.height, frame.width) if turned else frame
        target = frame.resized(*self._size(frame.width, frame.height))
        if self.background is None:
            return target.in_mode("LA" if frame.mode in ("L", "LA") else "RGBA")
        red, green, blue, alpha = rgba(self.background)
        gray = frame.mode in ("L", "LA") and red == green == blue
        see_through = frame.has_alpha or alpha < 255
        return target.in_mode(("LA" if gray else "RGBA") if see_through else "L" if gray else "RGB")

    def moved(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        angle, after = math.radians(turn(self.degrees)), self.plan(frame)
        across, down = (point[0] - 0.5) * frame.width, (point[1] - 0.5) * frame.height
        return within(
            (across * math.cos(angle) - down * math.sin(angle)) / after.width + 0.5,
            (across * math.sin(angle) + down * math.cos(angle)) / after.height + 0.5,
        )

    def apply(self, image: Image.Image) -> Image.Image:
        if self._is_transpose():
            method = self._TURNS.get(turn(self.degrees))
            return image.transpose(method) if method is not None else image
        target = self.plan(Frame.of(image))
        angle = math.radians(turn(self.degrees))
        cosine, sine = math.cos(angle), math.sin(angle)
        # A transparent rim lets the interpolation fade the edges out instead of leaving steps.
        # Each state replaces the one before it, to hold no more than two besides the input.
        weighted = "La" if image.mode in ("L", "LA") else "RGBa"
        turned = Image.new("LA" if weighted == "La" else "RGBA", _grown(image.size))
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
        mode = turned.mode
        turned = turned.convert(weighted)
        turned = turned.transform(
            (target.width, target.height),
            Image.Transform.AFFINE,
            matrix,
            Image.Resampling.BICUBIC,
        )
        turned = turned.convert(mode)
        if self.background is None:
            return turned
        return flatten(turned, rgba(self.background), target.mode)


def _grown(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] + 2, size[1] + 2


class Flip(Operation):
    """Turn the picture upside down: top becomes bottom."""

    name = "flip"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {}
    work = 0.05

    def move(self, frame: Frame) -> Turn:
        return Turn(flipped=True)

    def apply(self, image: Image.Image) -> Image.Image:
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    def moved(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        return point[0], 1 - point[1]


class Mirror(Operation):
    """Swap left and right."""

    name = "mirror"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {}
    work = 0.05

    def move(self, frame: Frame) -> Turn:
        return Turn(mirrored=True)

    def apply(self, image: Image.Image) -> Image.Image:
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)

    def moved(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        return 1 - point[0], point[1]
