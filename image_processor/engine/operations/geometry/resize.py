"""Resize: scale the picture to a size, in one of five ways to fit."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

from PIL import Image
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import (
    FusesGeometry,
    MovesPoints,
    Reducible,
    Resamples,
    TakesFocalPoint,
)
from image_processor.engine.operations.parameters import Fraction, Pixels, Placement, Scaling, given
from image_processor.engine.operations.placement import (
    check_focal_point,
    clamp_point,
    depends_on_content,
    drop_empty_focal_point,
    find_box,
    focal_point,
    place_box,
)
from image_processor.engine.pixels.detection import PEAK_BYTES
from image_processor.engine.pixels.fused_geometry import Scale
from image_processor.engine.pixels.resample import Box, Kernel, resample

_SIZES = ("width", "height", "scale")


class Resize(Operation, FusesGeometry, Resamples, MovesPoints, TakesFocalPoint, Reducible):
    """Change the size of the picture. With one side given, the other keeps the aspect ratio."""

    name = "resize"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"width": 800, "height": 600, "fit": "cover"}
    peak_bytes = (10.0, 13.0)
    work = 0.6

    model_config = ConfigDict(json_schema_extra={"anyOf": [given(n) for n in _SIZES]})

    width: Pixels | None = Field(
        default=None, description="Width of the result, or of the box that it is fitted to."
    )
    height: Pixels | None = Field(
        default=None, description="Height of the result, or of the box that it is fitted to."
    )
    scale: Scaling | None = Field(
        default=None,
        description="Width and height in per cent of the picture's own, instead of in pixels.",
    )
    fit: Literal["fill", "contain", "cover", "inside", "outside"] = Field(
        default="fill",
        description="How the picture takes width and height. fill: exactly this size, stretched. "
        "All others keep the aspect ratio. contain: the largest size inside the box. cover: "
        "exactly this size, cropped at the anchor. inside: like contain, but never enlarged. "
        "outside: the smallest size that covers the box, not cropped and never reduced.",
    )
    upscale: bool = Field(default=True, description="Allow the picture to be enlarged.")
    anchor: Placement = Field(
        default="center",
        description="What stays where the picture is cropped to this size. focal: around the focal "
        "point of the picture, or its centre if none is set. smart: faces, or the most detailed "
        "part if there are none. face: faces; refused if there are none.",
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
    kernel: Kernel = Field(
        default="lanczos", description="How new pixels are computed from the old."
    )

    @model_validator(mode="after")
    def _check_combination(self) -> Resize:
        sides = self.width, self.height
        if self.scale is None and sides == (None, None):
            raise PydanticCustomError("missing", "needs width, height or both, or scale")
        if self.scale is not None and sides != (None, None):
            raise PydanticCustomError("conflict", "scale cannot be combined with width or height")
        if self.scale is not None and self.fit != "fill":
            raise PydanticCustomError(
                "conflict",
                "scale cannot be combined with fit {fit}, which needs width or height",
                {"fit": self.fit},
            )
        if self.scale is not None and self.anchor != "center":
            raise PydanticCustomError(
                "conflict",
                "scale cannot be combined with anchor {anchor}, because it crops nothing",
                {"anchor": self.anchor},
            )
        check_focal_point(self.anchor, (self.focal_x, self.focal_y))
        return self

    def canonical(self) -> dict[str, Any]:
        return drop_empty_focal_point(super().canonical())

    def awaits_focal_point(self) -> bool:
        return self.anchor == "focal" and self.focal_x is None

    def scaled_size(self, frame: Frame) -> tuple[float, float]:
        across = self.width / frame.width if self.width is not None else None
        down = self.height / frame.height if self.height is not None else None
        if self.scale is not None:
            across = down = self.scale / 100
        elif across is None or down is None:
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
        wide, high = self.scaled_size(frame)
        width, height = max(1, round(wide)), max(1, round(high))
        if self.fit == "cover" and self.width is not None and self.height is not None:
            width, height = min(width, self.width), min(height, self.height)
        return frame.resized(width, height)

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Resize:
        size = {"width": target[0], "height": target[1], "scale": None, "upscale": True}
        return self.model_copy(update={**size, "fit": "cover" if self.fit == "cover" else "fill"})

    def _depends_on_content(self) -> bool:
        return self.fit == "cover" and depends_on_content(self.anchor)

    def move(self, frame: Frame) -> Scale | None:
        if self._depends_on_content():
            return None
        target = self.plan(frame)
        return Scale(target.size, self._kept_box(frame, frame.size), self.kernel)

    def shrink(self, frame: Frame) -> float:
        return 1.0 if self.kernel == "nearest" else super().shrink(frame)

    def apply(self, image: Image.Image) -> Image.Image:
        return self.apply_reduced(image, Frame.of(image))

    def apply_reduced(self, image: Image.Image, frame: Frame) -> Image.Image:
        target = self.plan(frame)
        box = self._kept_box(frame, image.size)
        if self._depends_on_content():
            box = self._find_box(image, box)
        return resample(image, target.size, self.kernel, box)

    def _kept_box(self, frame: Frame, size: tuple[int, int]) -> Box:
        """The part of the image that is kept; `size` is that of `frame` or of a reduced copy."""
        width, height = float(size[0]), float(size[1])
        if self.fit != "cover":
            return 0.0, 0.0, width, height
        wide, high = self.scaled_size(frame)
        target = self.plan(frame)
        width *= min(1.0, target.width / wide)
        height *= min(1.0, target.height / high)
        room = (size[0] - width, size[1] - height)
        focal = focal_point(self.focal_x, self.focal_y)
        left, top = place_box(room, (width, height), self.anchor, focal)
        return left, top, left + width, top + height

    def _find_box(self, image: Image.Image, box: Box) -> Box:
        """The part of `image` with the size of `box` around its subject."""
        width, height = box[2] - box[0], box[3] - box[1]
        whole = (min(image.width, math.ceil(width)), min(image.height, math.ceil(height)))
        found = find_box(image, *whole, self.anchor)
        left = min(float(found.left), image.width - width)
        top = min(float(found.top), image.height - height)
        return left, top, left + width, top + height

    def peak(self, before: Frame, after: Frame) -> int:
        detection = PEAK_BYTES if depends_on_content(self.anchor) else 0
        return super().peak(before, after) + detection

    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        if self.fit != "cover":
            return point
        wide, high = self.scaled_size(frame)
        target = self.plan(frame)
        size = (min(float(target.width), wide), min(float(target.height), high))
        focal = focal_point(self.focal_x, self.focal_y)
        left, top = place_box((wide - size[0], high - size[1]), size, self.anchor, focal)
        return clamp_point((point[0] * wide - left) / size[0], (point[1] * high - top) / size[1])
