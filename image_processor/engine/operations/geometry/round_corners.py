"""Round corners: cut the corners off along a quarter of a circle."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

import numpy as np
from PIL import Image, ImageChops
from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError

from image_processor.engine.errors import RadiusTooLarge
from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import MAX_SIDE
from image_processor.engine.pixels.alpha import with_alpha
from image_processor.engine.pixels.strips import strips

_MAX_RADIUS = MAX_SIDE // 2
_PERCENT = r"^(50(\.0{1,4})?|[1-4]?[0-9](\.[0-9]{1,4})?)%$"


def _check_length(value: object) -> int | str:
    """Check a number of pixels or a percentage. A union of types would report two errors."""
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise PydanticKnownError("greater_than_equal", {"ge": 0})
        if value > _MAX_RADIUS:
            raise PydanticKnownError("less_than_equal", {"le": _MAX_RADIUS})
        return value
    if isinstance(value, str) and re.fullmatch(_PERCENT, value, re.ASCII):
        return f"{float(value[:-1]):g}%"
    raise PydanticCustomError(
        "length", 'must be a whole number of pixels or a percentage from "0%" to "50%"'
    )


Length = Annotated[
    int | str,
    PlainValidator(_check_length),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": _MAX_RADIUS, "x-unit": "px"},
                {
                    "type": "string",
                    "maxLength": 8,
                    "pattern": _PERCENT,
                    "examples": ["10%", "50%"],
                    "x-unit": "%",
                },
            ]
        }
    ),
]


class RoundCorners(Operation):
    """Round the corners off; they become transparent."""

    name = "round_corners"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"radius": "10%"}
    peak_bytes = (14.0, 14.0)
    work = 0.4

    radius: Length = Field(
        description='Radius in pixels, or in per cent of the shorter side, such as "10%"; "50%" '
        "turns a square into a disc.",
    )

    def _radius_in_pixels(self, frame: Frame) -> float:
        if isinstance(self.radius, int):
            return float(self.radius)
        return min(frame.width, frame.height) * float(self.radius[:-1]) / 100

    def plan(self, frame: Frame) -> Frame:
        largest = min(frame.width, frame.height) // 2
        if isinstance(self.radius, int) and self.radius > largest:
            raise RadiusTooLarge(
                f"The image is {frame.width}x{frame.height} pixels at this step. The radius may be "
                f"at most {largest} pixels, half of the shorter side but is {self.radius}.",
                pointer="/radius",
                limit=largest,
                actual=self.radius,
            )
        return frame.with_alpha()

    def apply(self, image: Image.Image) -> Image.Image:
        rounded = with_alpha(image)
        rounded = rounded.copy() if rounded is image else rounded
        radius = self._radius_in_pixels(Frame.of(image))
        side = int(np.ceil(radius))
        if side == 0:
            return rounded
        alpha = rounded.getchannel("A")
        for top, bottom in strips(side, side):
            corner = _corner(radius, side, top, bottom)
            for turned, upper in ((corner, top), (_flipped(corner), image.height - bottom)):
                for quarter, left in ((turned, 0), (_mirrored(turned), image.width - side)):
                    box = (left, upper, left + side, upper + bottom - top)
                    alpha.paste(ImageChops.multiply(alpha.crop(box), quarter), box)
        rounded.putalpha(alpha)
        return rounded


def _corner(radius: float, side: int, top: int, bottom: int) -> Image.Image:
    """Rows `top` to `bottom` of the upper left corner as a mask: how much of a pixel is inside."""
    across = (radius - 0.5 - np.arange(side, dtype=np.float32)) ** 2
    down = (radius - 0.5 - np.arange(top, bottom, dtype=np.float32)) ** 2
    distance = np.sqrt(across[np.newaxis, :] + down[:, np.newaxis])
    inside = np.clip(radius - distance + 0.5, 0, 1)
    return Image.fromarray((inside * 255 + 0.5).astype(np.uint8))


def _flipped(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def _mirrored(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
