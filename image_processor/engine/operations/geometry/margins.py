"""Operations that put something around the picture: pad, border."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar

from PIL import Image
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.errors import CanvasTooSmall
from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import MAX_SIDE, Colour, Pixels, is_gray, rgba

Margin = Annotated[int, Field(ge=0, le=MAX_SIDE, json_schema_extra={"x-unit": "px"})]

_SIDES = ("top", "right", "bottom", "left")
_TRANSPARENT = "#00000000"


class Pad(Operation):
    """Put margins around the picture, by their widths or up to a size with it in the middle."""

    name = "pad"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"top": 20, "bottom": 20, "background": "white"}
    showcase: ClassVar[dict[str, Any]] = {"top": 30, "bottom": 30, "background": "teal"}
    peak_bytes = (13.0, 13.0)
    work = 0.3

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [name]} for name in ("width", "height", *_SIDES)],
        }
    )

    width: Pixels | None = Field(default=None, description="Width of the result.")
    height: Pixels | None = Field(default=None, description="Height of the result.")
    top: Margin | None = Field(default=None, description="Margin above the picture.")
    right: Margin | None = Field(default=None, description="Margin on the right.")
    bottom: Margin | None = Field(default=None, description="Margin below the picture.")
    left: Margin | None = Field(default=None, description="Margin on the left.")
    background: Colour | None = Field(
        default=None,
        description="Colour of the margins: transparent, or white where the format has no alpha. "
        "The picture itself stays as it is.",
    )

    @model_validator(mode="after")
    def _one_form(self) -> Pad:
        sides = [name for name in _SIDES if getattr(self, name) is not None]
        size = [name for name in ("width", "height") if getattr(self, name) is not None]
        if sides and size:
            raise PydanticCustomError(
                "conflict",
                "{size} cannot be given with {sides}",
                {"size": " and ".join(size), "sides": ", ".join(sides)},
            )
        if not sides and not size:
            raise PydanticCustomError(
                "missing", "give width, height or both, or top, right, bottom or left"
            )
        return self

    def canonical(self) -> dict[str, Any]:
        values = super().canonical()
        if self.width is None and self.height is None:
            values |= {name: values[name] or 0 for name in _SIDES}
        return values | {"background": self.background or _TRANSPARENT}

    def _margins(self, frame: Frame) -> tuple[int, int, int, int]:
        """Top, right, bottom and left margin; an odd pixel goes to the right or below."""
        if self.width is None and self.height is None:
            return self.top or 0, self.right or 0, self.bottom or 0, self.left or 0
        across = (self.width or frame.width) - frame.width
        down = (self.height or frame.height) - frame.height
        return down // 2, across - across // 2, down - down // 2, across // 2

    def plan(self, frame: Frame) -> Frame:
        for side, length in (("width", frame.width), ("height", frame.height)):
            wanted = getattr(self, side)
            if wanted is not None and wanted < length:
                raise CanvasTooSmall(
                    f"The image is {frame.width}x{frame.height} pixels at this step; "
                    f"it does not fit into a {side} of {wanted}.",
                    pointer=f"/{side}",
                    limit=length,
                    actual=wanted,
                )
        return surrounded(frame, self._margins(frame), self.background or _TRANSPARENT)

    def moved(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        return _moved(point, frame, self._margins(frame))

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Pad:
        scale = math.sqrt(real.pixels / full.pixels)
        margins = [round(margin * scale) for margin in self._margins(full)]
        none = {"width": None, "height": None}
        return self.model_copy(update={**none, **dict(zip(_SIDES, margins, strict=True))})

    def apply(self, image: Image.Image) -> Image.Image:
        return surround(image, self._margins(Frame.of(image)), self.background or _TRANSPARENT)


class Border(Operation):
    """Put a border of one colour around the picture, which grows by it on all sides."""

    name = "border"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"width": 12, "color": "white"}
    showcase: ClassVar[dict[str, Any]] = {"width": 18, "color": "teal"}
    peak_bytes = (13.0, 13.0)
    work = 0.3

    width: Pixels = Field(description="Width of the border on each side.")
    color: Colour = Field(default="#000000ff", description="Colour of the border.")

    def plan(self, frame: Frame) -> Frame:
        return surrounded(frame, (self.width,) * 4, self.color)

    def moved(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        return _moved(point, frame, (self.width,) * 4)

    def apply(self, image: Image.Image) -> Image.Image:
        return surround(image, (self.width,) * 4, self.color)


def _moved(
    point: tuple[float, float], frame: Frame, margins: tuple[int, int, int, int]
) -> tuple[float, float]:
    """Where a point of the picture is, as fractions, once margins surround it."""
    top, right, bottom, left = margins
    return (
        (left + point[0] * frame.width) / (left + frame.width + right),
        (top + point[1] * frame.height) / (top + frame.height + bottom),
    )


def surrounded(frame: Frame, margins: tuple[int, int, int, int], colour: str) -> Frame:
    """The frame that `surround` gives: in colour or with alpha where the margins need it."""
    top, right, bottom, left = margins
    frame = frame.resized(left + frame.width + right, top + frame.height + bottom)
    if rgba(colour)[3] < 255:
        frame = frame.with_alpha()
    return frame if is_gray(colour) else frame.in_colour()


def surround(image: Image.Image, margins: tuple[int, int, int, int], colour: str) -> Image.Image:
    """`image` with margins (top, right, bottom, left, in pixels) of `colour` around it."""
    target = surrounded(Frame.of(image), margins, colour)
    red, green, blue, alpha = rgba(colour)
    fill = {
        "L": (red,),
        "LA": (red, alpha),
        "RGB": (red, green, blue),
        "RGBA": (red, green, blue, alpha),
    }[target.mode]
    result = Image.new(target.mode, (target.width, target.height), fill)
    same = image.mode == target.mode
    result.paste(image if same else image.convert(target.mode), (margins[3], margins[0]))
    return result
