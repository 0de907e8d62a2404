"""Operations that change where pixels are: resize, crop, rotate, flip, mirror."""

from __future__ import annotations

import math
import re
from typing import Any, ClassVar, Literal

from PIL import Image
from pydantic import ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.colour import flatten, with_alpha
from image_processor.engine.errors import CropOutsideImage
from image_processor.engine.operations.base import Frame, Group, Operation
from image_processor.engine.operations.parameters import (
    ANCHOR_FRACTIONS,
    Anchor,
    Colour,
    Degrees,
    Offset,
    Pixels,
    rgba,
    turn,
)
from image_processor.engine.resample import Kernel, resample


class Resize(Operation):
    """Change the size of the picture; with one side given the other follows its aspect."""

    name = "resize"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"width": 800, "height": 600, "fit": "cover"}
    peak_bytes = (10.0, 13.0)
    work = 0.6

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["width"]}, {"required": ["height"]}]}
    )

    width: Pixels | None = Field(default=None, description="Width of the result or of its box.")
    height: Pixels | None = Field(default=None, description="Height of the result or of its box.")
    fit: Literal["fill", "contain", "cover", "inside", "outside"] = Field(
        default="fill",
        description="fill: exactly this size, stretching. contain: the largest that fits inside, "
        "aspect kept. cover: exactly this size, aspect kept, the rest cut off at the anchor. "
        "inside: like contain, but never enlarges. outside: the smallest that covers the box, "
        "aspect kept, nothing cut off, never reduces.",
    )
    upscale: bool = Field(
        default=True, description="Whether the picture may become larger than it is."
    )
    anchor: Anchor = Field(default="center", description="What cover keeps of the picture.")
    kernel: Kernel = Field(default="lanczos", description="How pixels are resampled.")

    @model_validator(mode="after")
    def _some_side(self) -> Resize:
        if self.width is None and self.height is None:
            raise PydanticCustomError("missing", "give width, height or both")
        return self

    def _scaled(self, frame: Frame) -> tuple[float, float]:
        """The size of the whole picture after scaling, before anything is cut off."""
        across = self.width / frame.width if self.width is not None else None
        down = self.height / frame.height if self.height is not None else None
        if across is None or down is None:
            across = down = across if across is not None else down
        elif self.fit in ("contain", "inside"):
            across = down = min(across, down)
        elif self.fit in ("cover", "outside"):
            across = down = max(across, down)
        assert across is not None
        assert down is not None
        if self.fit == "outside":
            across, down = max(across, 1.0), max(down, 1.0)
        if self.fit == "inside" or not self.upscale:
            across, down = min(across, 1.0), min(down, 1.0)
        return frame.width * across, frame.height * down

    def plan(self, frame: Frame) -> Frame:
        wide, high = self._scaled(frame)
        width, height = max(1, round(wide)), max(1, round(high))
        if self.fit == "cover" and self.width is not None and self.height is not None:
            width, height = min(width, self.width), min(height, self.height)
        return frame.resized(width, height)

    def needs(self, frame: Frame) -> tuple[float, float] | None:
        return None if self.kernel == "nearest" else self._scaled(frame)

    def apply(self, image: Image.Image) -> Image.Image:
        return self.apply_planned(image, Frame.of(image))

    def apply_planned(self, image: Image.Image, frame: Frame) -> Image.Image:
        target = self.plan(frame)
        box = (0.0, 0.0, float(image.width), float(image.height))
        if self.fit == "cover":
            wide, high = self._scaled(frame)
            part_x, part_y = min(1.0, target.width / wide), min(1.0, target.height / high)
            across, down = ANCHOR_FRACTIONS[self.anchor]
            left = image.width * (1 - part_x) * across
            top = image.height * (1 - part_y) * down
            box = (left, top, left + image.width * part_x, top + image.height * part_y)
        return resample(image, (target.width, target.height), self.kernel, box)


class Crop(Operation):
    """Keep a rectangle of the picture and discard the rest."""

    name = "crop"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"x": 10, "y": 20, "width": 300, "height": 200}
    work = 0.05

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["width", "height"]}, {"required": ["aspect"]}]}
    )

    x: Offset | None = Field(default=None, description="Left edge.")
    y: Offset | None = Field(default=None, description="Top edge.")
    width: Pixels | None = Field(default=None, description="Width of the rectangle.")
    height: Pixels | None = Field(default=None, description="Height of the rectangle.")
    aspect: str | None = Field(
        default=None,
        max_length=11,
        description='Largest rectangle of this shape, such as "16:9", instead of a size.',
        json_schema_extra={"pattern": r"^[1-9][0-9]{0,4}:[1-9][0-9]{0,4}$"},
    )
    anchor: Anchor | None = Field(
        default=None, description="Where the rectangle lies when x and y are absent (center)."
    )

    @field_validator("aspect")
    @classmethod
    def _ratio(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,4}:[1-9][0-9]{0,4}", value, re.ASCII):
            raise PydanticCustomError("aspect", 'must be two whole numbers such as "16:9"')
        across, down = (int(part) for part in value.split(":"))
        divisor = math.gcd(across, down)
        return f"{across // divisor}:{down // divisor}"

    @model_validator(mode="after")
    def _one_form(self) -> Crop:
        if self.aspect is not None:
            extra = [n for n in ("x", "y", "width", "height") if getattr(self, n) is not None]
            if extra:
                raise PydanticCustomError(
                    "conflict", "aspect takes no {names}", {"names": ", ".join(extra)}
                )
            return self
        missing = [n for n in ("width", "height") if getattr(self, n) is None]
        if self.x is not None or self.y is not None:
            missing += [n for n in ("x", "y") if getattr(self, n) is None]
            if self.anchor is not None and not missing:
                raise PydanticCustomError("conflict", "anchor cannot be given with x and y")
        if missing:
            raise PydanticCustomError(
                "missing",
                "needs {names}: give x, y, width and height, or width and height, or aspect",
                {"names": " and ".join(missing)},
            )
        return self

    def canonical(self) -> dict[str, Any]:
        values = super().canonical()
        if self.x is None:
            values["anchor"] = self.anchor or "center"
        return values

    def _box(self, frame: Frame) -> tuple[int, int, int, int]:
        """Left, top, right and bottom edge."""
        if self.aspect is not None:
            across, down = (int(part) for part in self.aspect.split(":"))
            width = max(1, min(frame.width, round(frame.height * across / down)))
            height = max(1, min(frame.height, round(frame.width * down / across)))
        else:
            width, height = self.width or 1, self.height or 1
        left, top = self.x, self.y
        if left is None or top is None:
            part_x, part_y = ANCHOR_FRACTIONS[self.anchor or "center"]
            left = int((frame.width - width) * part_x)
            top = int((frame.height - height) * part_y)
        return left, top, left + width, top + height

    def plan(self, frame: Frame) -> Frame:
        left, top, right, bottom = self._box(frame)
        size = f"The image is {frame.width}x{frame.height} pixels at this step"
        for low, high, side, length, offset in (
            (left, right, "width", frame.width, "x"),
            (top, bottom, "height", frame.height, "y"),
        ):
            if self.x is not None and low >= length:
                raise CropOutsideImage(
                    f"{size}; a rectangle that starts at {offset} {low} lies outside.",
                    pointer=f"/{offset}",
                    limit=length - 1,
                    actual=low,
                )
            if high - low > length or high > length:
                start = f" from {offset} {low}" if self.x is not None else ""
                raise CropOutsideImage(
                    f"{size}; a {side} of {high - low}{start} reaches outside.",
                    pointer=f"/{side}",
                    limit=length - max(low, 0),
                    actual=high - low,
                )
        return frame.resized(right - left, bottom - top)

    def apply(self, image: Image.Image) -> Image.Image:
        return image.crop(self._box(Frame.of(image)))


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

    def scales(self) -> bool:
        return self._is_transpose()

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

    def scales(self) -> bool:
        return True

    def apply(self, image: Image.Image) -> Image.Image:
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


class Mirror(Operation):
    """Swap left and right."""

    name = "mirror"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {}
    work = 0.05

    def scales(self) -> bool:
        return True

    def apply(self, image: Image.Image) -> Image.Image:
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
