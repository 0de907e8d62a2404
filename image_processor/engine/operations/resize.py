"""Resize: another number of pixels, in one of five ways to fit."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from PIL import Image
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.fusion_geometry import Scale
from image_processor.engine.operations.base import Frame, Group, Operation
from image_processor.engine.operations.parameters import ANCHOR_FRACTIONS, Anchor, Pixels
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

    def move(self, frame: Frame) -> Scale:
        target = self.plan(frame)
        box = (0.0, 0.0, float(frame.width), float(frame.height))
        if self.fit == "cover":
            wide, high = self._scaled(frame)
            part_x, part_y = min(1.0, target.width / wide), min(1.0, target.height / high)
            across, down = ANCHOR_FRACTIONS[self.anchor]
            left = frame.width * (1 - part_x) * across
            top = frame.height * (1 - part_y) * down
            box = (left, top, left + frame.width * part_x, top + frame.height * part_y)
        return Scale((target.width, target.height), box, self.kernel)

    def apply(self, image: Image.Image) -> Image.Image:
        scale = self.move(Frame.of(image))
        return resample(image, scale.size, scale.kernel, scale.box)
