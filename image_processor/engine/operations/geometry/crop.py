"""Crop: a rectangle by its edges, by its size, or by its aspect ratio."""

from __future__ import annotations

import math
import re
from typing import Any, ClassVar

from PIL import Image
from pydantic import ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.errors import CropOutsideImage
from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import (
    FusesGeometry,
    MovesPoints,
    Reducible,
    TakesFocalPoint,
)
from image_processor.engine.operations.parameters import (
    Fraction,
    Offset,
    Pixels,
    Placement,
    given,
)
from image_processor.engine.operations.placement import (
    check_focal_point,
    clamp_point,
    depends_on_content,
    drop_empty_focal_point,
    find_box,
    focal_point,
    place_box,
    reduce_box,
)
from image_processor.engine.pixels.detection import PEAK_BYTES
from image_processor.engine.pixels.fused_geometry import Cut


class Crop(Operation, FusesGeometry, MovesPoints, TakesFocalPoint, Reducible):
    """Keep a rectangle of the picture and discard the rest."""

    name = "crop"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"x": 10, "y": 20, "width": 300, "height": 200}
    work = 0.05

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [given("width", "height"), given("aspect")]}
    )

    x: Offset | None = Field(default=None, description="Left edge.")
    y: Offset | None = Field(default=None, description="Top edge.")
    width: Pixels | None = Field(default=None, description="Width of the rectangle.")
    height: Pixels | None = Field(default=None, description="Height of the rectangle.")
    aspect: str | None = Field(
        default=None,
        max_length=11,
        description='Largest rectangle of this aspect ratio, such as "16:9", instead of a size.',
        json_schema_extra={"pattern": r"^[1-9][0-9]{0,4}:[1-9][0-9]{0,4}$"},
    )
    anchor: Placement | None = Field(
        default=None,
        description="Where the rectangle lies if its left and top edge are not given. By default "
        "center. focal: around the focal point of the picture, or its centre if none is set. "
        "smart: around faces, or the most detailed part if there are none. face: around faces; "
        "refused if there are none.",
    )
    focal_x: Fraction | None = Field(
        default=None,
        description="The point to keep, as a share of the width from the left; by default the "
        "picture's own focal point.",
    )
    focal_y: Fraction | None = Field(
        default=None,
        description="The point to keep, as a share of the height from the top; by default the "
        "picture's own focal point.",
    )

    @field_validator("aspect")
    @classmethod
    def _reduce_ratio(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,4}:[1-9][0-9]{0,4}", value, re.ASCII):
            raise PydanticCustomError("aspect", 'must be two whole numbers such as "16:9"')
        across, down = (int(part) for part in value.split(":"))
        divisor = math.gcd(across, down)
        return f"{across // divisor}:{down // divisor}"

    @model_validator(mode="after")
    def _check_combination(self) -> Crop:
        check_focal_point(self.anchor, (self.focal_x, self.focal_y))
        if self.aspect is not None:
            extra = [n for n in ("x", "y", "width", "height") if getattr(self, n) is not None]
            if extra:
                raise PydanticCustomError(
                    "conflict", "cannot combine aspect with {names}", {"names": ", ".join(extra)}
                )
            return self
        missing = [n for n in ("width", "height") if getattr(self, n) is None]
        if self.x is not None or self.y is not None:
            missing += [n for n in ("x", "y") if getattr(self, n) is None]
            if self.anchor is not None and not missing:
                raise PydanticCustomError("conflict", "cannot combine anchor with x and y")
        if missing:
            raise PydanticCustomError(
                "missing",
                "needs {names}: give x, y, width and height, or width and height, or aspect",
                {"names": " and ".join(missing)},
            )
        return self

    def canonical(self) -> dict[str, Any]:
        values = drop_empty_focal_point(super().canonical())
        if self.x is None:
            values["anchor"] = self.anchor or "center"
        return values

    def awaits_focal_point(self) -> bool:
        return self.anchor == "focal" and self.focal_x is None

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
            free = (frame.width - width, frame.height - height)
            focal = focal_point(self.focal_x, self.focal_y)
            left, top = map(int, place_box(free, (width, height), self.anchor or "center", focal))
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
                    f"{size}. A rectangle that starts at {offset} {low} lies outside.",
                    pointer=f"/{offset}",
                    limit=length - 1,
                    actual=low,
                )
            if high - low > length or high > length:
                start = f" from {offset} {low}" if self.x is not None else ""
                raise CropOutsideImage(
                    f"{size}. A {side} of {high - low}{start} does not fit.",
                    pointer=f"/{side}",
                    limit=length - max(low, 0),
                    actual=high - low,
                )
        return frame.resized(right - left, bottom - top)

    def move(self, frame: Frame) -> Cut | None:
        return None if depends_on_content(self.anchor) else Cut(self._box(frame))

    def apply(self, image: Image.Image) -> Image.Image:
        left, top, right, bottom = self._box(Frame.of(image))
        if self.anchor is not None and depends_on_content(self.anchor):
            return image.crop(find_box(image, right - left, bottom - top, self.anchor))
        return image.crop((left, top, right, bottom))

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Crop:
        left, top, right, bottom = reduce_box(self._box(full), full, real)
        size: dict[str, Any] = {"width": right - left, "height": bottom - top, "aspect": None}
        if self.anchor is not None and depends_on_content(self.anchor):
            return self.model_copy(update=size)
        return self.model_copy(update={**size, "x": left, "y": top, "anchor": None})

    def peak(self, before: Frame, after: Frame) -> int:
        detection = PEAK_BYTES if depends_on_content(self.anchor) else 0
        return super().peak(before, after) + detection

    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        left, top, right, bottom = self._box(frame)
        across = (point[0] * frame.width - left) / (right - left)
        return clamp_point(across, (point[1] * frame.height - top) / (bottom - top))
