"""Border: a frame of one colour around the picture."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import MovesPoints
from image_processor.engine.operations.geometry.margins import Margins
from image_processor.engine.operations.parameters import Pixels
from image_processor.engine.pixels.css_colour import Colour


class Border(Operation, MovesPoints):
    """Put a border of one colour around the picture, which grows by it on all sides."""

    name = "border"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"width": 12, "color": "white"}
    peak_bytes = (13.0, 13.0)
    work = 0.3

    width: Pixels = Field(description="Width of the border on each side.")
    color: Colour = Field(default="#000000ff", description="Colour of the border.")

    def _margins(self) -> Margins:
        return Margins(self.width, self.width, self.width, self.width)

    def plan(self, frame: Frame) -> Frame:
        return self._margins().frame(frame, self.color)

    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        return self._margins().move_point(point, frame)

    def apply(self, image: Image.Image) -> Image.Image:
        return self._margins().apply(image, self.color)
