"""Resize: another number of pixels, in one of five ways to fit."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

from PIL import Image
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.detection import PEAK_BYTES
from image_processor.engine.operations.base import Frame, Group, Operation
from image_processor.engine.operations.parameters import Fraction, Pixels, Placement
from image_processor.engine.operations.placement import (
    MIDDLE,
    check_focal,
    find,
    is_found,
    place,
    within,
    without_focal,
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
    anchor: Placement = Field(
        default="center",
        description="What cover keeps of the picture. focal: what lies around its focal point, "
        "else the centre. smart: faces, else the most detailed part. face: faces; refused where "
        "there are none.",
    )
    focal_x: Fraction | None = Field(
        default=None, description="Focal point from the left, if not the one of the picture."
    )
    focal_y: Fraction | None = Field(
        default=None, description="Focal point from the top, if not the one of the picture."
    )
    kernel: Kernel = Field(default="lanczos", description="How pixels are resampled.")

    @model_validator(mode="after")
    def _some_side(self) -> Resize:
        if self.width is None and self.height is None:
            raise PydanticCustomError("missing", "give width, height or both")
        check_focal(self.anchor, (self.focal_x, self.focal_y))
        return self

    def canonical(self) -> dict[str, Any]:
        return without_focal(super().canonical())

    def awaits_focal(self) -> bool:
        return self.anchor == "focal" and self.focal_x is None

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
            box = self._kept(image, image.width * part_x, image.height * part_y)
        return resample(image, (target.width, target.height), self.kernel, box)

    def _kept(
        self, image: Image.Image, width: float, height: float
    ) -> tuple[float, float, float, float]:
        """The part of `image` that cover keeps: left, top, right and bottom edge."""
        room = (image.width - width, image.height - height)
        left, top = place(room, (width, height), self.anchor, self._focal())
        if is_found(self.anchor):
            whole = (min(image.width, math.ceil(width)), min(image.height, math.ceil(height)))
            found = find(image, *whole, self.anchor)
            left, top = min(float(found.left), room[0]), min(float(found.top), room[1])
        return left, top, left + width, top + height

    def _focal(self) -> tuple[float, float]:
        if self.focal_x is None or self.focal_y is None:
            return MIDDLE
        return self.focal_x, self.focal_y

    def peak(self, before: Frame, after: Frame) -> int:
        looking = PEAK_BYTES if is_found(self.anchor) else 0
        return super().peak(before, after) + looking

    def moved(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        if self.fit != "cover":
            return point
        wide, high = self._scaled(frame)
        target = self.plan(frame)
        size = (min(float(target.width), wide), min(float(target.height), high))
        left, top = place((wide - size[0], high - size[1]), size, self.anchor, self._focal())
        return within((point[0] * wide - left) / size[0], (point[1] * high - top) / size[1])
