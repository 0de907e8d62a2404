"""Flip and mirror: exchange top and bottom, or left and right."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import FusesGeometry, MovesPoints
from image_processor.engine.pixels.turn import Turn


class Flip(Operation, FusesGeometry, MovesPoints):
    """Turn the picture upside down: top becomes bottom."""

    name = "flip"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {}
    work = 0.05

    def move(self, frame: Frame) -> Turn:
        return Turn(flipped=True)

    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        return point[0], 1 - point[1]

    def apply(self, image: Image.Image) -> Image.Image:
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


class Mirror(Operation, FusesGeometry, MovesPoints):
    """Swap left and right."""

    name = "mirror"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {}
    work = 0.05

    def move(self, frame: Frame) -> Turn:
        return Turn(mirrored=True)

    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        return 1 - point[0], point[1]

    def apply(self, image: Image.Image) -> Image.Image:
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
