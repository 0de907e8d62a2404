"""Capabilities that only some operations have. Such an operation inherits from their classes, too.

Planning and previews check for a capability with `isinstance`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.pixels.colour_steps import ColourStep
from image_processor.engine.pixels.fused_geometry import Move


class FusesGeometry(ABC):
    """An operation that crops, scales or turns, so that it can be fused with others like it."""

    @abstractmethod
    def move(self, frame: Frame) -> Move | None:
        """What `apply` does to an image of `frame`; None if these parameters do something else."""


class FusesColour(ABC):
    """An operation on the colour of each pixel by itself, which can be fused with others."""

    @abstractmethod
    def colour_steps(self) -> Sequence[ColourStep] | None:
        """What `apply` does to the colours, in order; alpha stays.

        Empty if nothing changes, None if these parameters do something else.
        """

    def is_linear(self) -> bool:
        """Whether a reduced copy of the image gives a reduced copy of the result."""
        return False


class Resamples(ABC):
    """An operation that scales the image before or while it crops it."""

    @abstractmethod
    def scaled_size(self, frame: Frame) -> tuple[float, float]:
        """Width and height that the whole `frame` is scaled to, before rounding and cropping."""

    def shrink(self, frame: Frame) -> float:
        """How many pixels make one pixel of the result, along the side that shrinks less."""
        width, height = self.scaled_size(frame)
        return min(frame.width / width, frame.height / height)

    @abstractmethod
    def apply_reduced(self, image: Image.Image, frame: Frame) -> Image.Image:
        """The result for `frame`, of which `image` may be a reduced copy."""


class ContentDependent(ABC):
    """An operation whose effect depends on the pixels of all frames of an animation."""

    @abstractmethod
    def resolve(self, images: Sequence[Image.Image]) -> Operation:
        """The operation that treats all `images` (the frames) alike."""


class MovesPoints(ABC):
    """An operation after which a point of the image lies elsewhere."""

    @abstractmethod
    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        """Where a point of `frame` lies afterwards; both as fractions from the left and top."""


class TakesFocalPoint(ABC):
    """An operation with the parameters `focal_x` and `focal_y`."""

    @abstractmethod
    def awaits_focal_point(self) -> bool:
        """Whether these parameters need the focal point of the image."""


class Reducible(ABC):
    """An operation whose parameters need more than shorter lengths to suit a reduced copy."""

    @abstractmethod
    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Operation:
        """The operation that does to a reduced copy what this one does to the full image.

        `full` is the frame of the image and `real` that of its copy. An operation that resamples
        scales the copy to the size `target`.
        """


class OutputOperation(Operation):
    """An operation that changes how the result is written, but no pixel."""

    group = Group.OUTPUT
    peak_bytes = (0.0, 0.0)
    work = 0.0

    @abstractmethod
    def output_options(self) -> dict[str, Any]:
        """The fields of `Output` that this operation sets."""

    def apply(self, image: Image.Image) -> Image.Image:
        return image
