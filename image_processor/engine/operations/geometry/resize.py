"""Resize: another number of pixels, in one of five ways to fit."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

from PIL import Image
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
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
from image_processor.engine.pixels.detection import PEAK_BYTES
from image_processor.engine.pixels.fusion_geometry import Scale
from image_processor.engine.pixels.resample import Box, Kernel, resample


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

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Resize:
        size = {"width": target[0], "height": target[1], "upscale": True}
        return self.model_copy(update={**size, "fit": "cover" if self.fit == "cover" else "fill"})

    def enlarges(self, frame: Frame) -> float:
        wide, high = self._scaled(frame)
        return max(wide / frame.width, high / frame.height)

    def _finds(self) -> bool:
        """Whether what is kept depends on the pixels."""
        return self.fit == "cover" and is_found(self.anchor)

    def move(self, frame: Frame) -> Scale | None:
        if self._finds():
            return None
        target = self.plan(frame)
        box = self._kept(frame, (frame.width, frame.height))
        return Scale((target.width, target.height), box, self.kernel)

    def needs(self, frame: Frame) -> tuple[float, float] | None:
        return self._scaled(frame) if self._finds() and self.kernel != "nearest" else None

    def apply(self, image: Image.Image) -> Image.Image:
        return self.apply_planned(image, Frame.of(image))

    def apply_planned(self, image: Image.Image, frame: Frame) -> Image.Image:
        target = self.plan(frame)
        box = self._kept(frame, image.size)
        if self._finds():
            box = self._found(image, box)
        return resample(image, (target.width, target.height), self.kernel, box)

    def _kept(self, frame: Frame, size: tuple[int, int]) -> Box:
        """The part that is kept of a picture of `size`: of `frame`, or of a reduced copy of it."""
        width, height = float(size[0]), float(size[1])
        if self.fit != "cover":
            return 0.0, 0.0, width, height
        wide, high = self._scaled(frame)
        target = self.plan(frame)
        width *= min(1.0, target.width / wide)
        height *= min(1.0, target.height / high)
        room = (size[0] - width, size[1] - height)
        left, top = place(room, (width, height), self.anchor, self._focal())
        return left, top, left + width, top + height

    def _found(self, image: Image.Image, box: Box) -> Box:
        """A part of `image` as large as `box`, where the anchor finds it."""
        width, height = box[2] - box[0], box[3] - box[1]
        whole = (min(image.width, math.ceil(width)), min(image.height, math.ceil(height)))
        found = find(image, *whole, self.anchor)
        left = min(float(found.left), image.width - width)
        top = min(float(found.top), image.height - height)
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
