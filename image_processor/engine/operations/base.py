"""What an operation is: its declared parameters, its plan on numbers, its work on pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from PIL import Image
from pydantic import BaseModel, ConfigDict, ValidationError

from image_processor.engine.frame import Frame
from image_processor.engine.operations.lengths import scaled_lengths

if TYPE_CHECKING:
    from image_processor.engine.pixels.fusion_colour import ColourStep
    from image_processor.engine.pixels.fusion_geometry import Move


class Group(StrEnum):
    GEOMETRY = "geometry"
    TONE = "tone"
    FILTERS = "filters"
    ARTISTIC = "artistic"
    OVERLAY = "overlay"
    OUTPUT = "output"


class Operation(BaseModel):
    """One step of a pipeline, with its parameters as fields.

    A subclass declares `name`, `group`, `example` (valid parameters), its fields, and what it
    does: `plan` on numbers and `apply` on pixels. Whatever is constructed is valid in itself;
    `plan` refuses what does not fit the image, with a pointer relative to the parameters
    (`/width`). An image that reaches `apply` has the mode of the planned frame; its size may
    be a whole fraction of the frame's when every step before it `scales` (see there).
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    name: ClassVar[str]
    group: ClassVar[Group]
    example: ClassVar[dict[str, Any]]
    # Parameters that show the effect better than the example, for the picture in the reference.
    showcase: ClassVar[dict[str, Any]] = {}

    # Memory held at the peak, input and output counted, in bytes per pixel of the larger of
    # the two: for pictures without alpha, and with it.
    peak_bytes: ClassVar[tuple[float, float]] = (9.0, 9.0)
    # Work per pixel of the larger of input and output, in units of decoding one JPEG pixel.
    work: ClassVar[float] = 0.3
    # Whether the step looks at the pixels to decide what it does: `settled` says what that is.
    looks: ClassVar[bool] = False

    def plan(self, frame: Frame) -> Frame:
        """The frame that `apply` will give for `frame`. Raises a domain error if impossible."""
        return frame

    def apply(self, image: Image.Image) -> Image.Image:
        """The image after this step."""
        raise NotImplementedError

    def apply_planned(self, image: Image.Image, frame: Frame) -> Image.Image:
        """`apply` for an image that may be a reduced copy of the planned `frame`.

        Only a step that `needs` fewer pixels uses the frame: its result is that of the full size.
        """
        return self.apply(image)

    def settled(self, images: Sequence[Image.Image]) -> Operation:
        """The step that does to each of `images` (an animation's) what they all together ask for.

        Only for a step that `looks`: on its own each picture would be treated differently.
        """
        return self

    def peak(self, before: Frame, after: Frame) -> int:
        """The most bytes that `apply` holds at once, its input and output counted."""
        opaque, alpha = self.peak_bytes
        larger = max(before.pixels, after.pixels)
        return round(larger * (alpha if before.has_alpha else opaque))

    def scales(self) -> bool:
        """Whether this step gives the same picture when the image was reduced before it."""
        return False

    def move(self, frame: Frame) -> Move | None:
        """What `apply` does to `frame` if it only cuts, scales or turns: such steps are fused."""
        return None

    def colour(self) -> tuple[ColourStep, ...] | None:
        """What `apply` does to each pixel's colour if it does no more: such steps are fused.

        In order, on the colours alone; alpha stays. () changes nothing, None is any other step.
        """
        return None

    def needs(self, frame: Frame) -> tuple[float, float] | None:
        """The pixels across and down that this step would make of all of `frame` at most.

        Only a step that resamples and is no `move` says so, because it looks for what to keep: a
        source can then be decoded at any scale that leaves at least twice as many. None: every
        pixel is needed.
        """
        return None

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Operation:
        """The step that does to a reduced copy, which is `real`, what this one does to `full`.

        For previews: lengths in pixels shrink along. A step that resamples makes it `target`.
        """
        scale = math.sqrt(real.pixels / full.pixels)
        return self.model_copy(update=scaled_lengths(self, scale))

    def enlarges(self, frame: Frame) -> float:
        """By what factor what is shown of `frame` grows; below 1 it becomes smaller."""
        return 1.0

    def awaits_focal(self) -> bool:
        """Whether the step wants the focal point of the picture (as its `focal_x`, `focal_y`)."""
        return False

    def moved(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        """Where a point of `frame` is after this step; both as fractions from the left and top."""
        return point

    def output(self) -> dict[str, Any]:
        """What this step settles about the written file (fields of `Output`); {} for most."""
        return {}

    @classmethod
    def accepts_nothing(cls) -> bool:
        """Whether the step may stand without parameters."""
        try:
            cls.model_validate({})
        except ValidationError:
            return False
        return True

    def canonical(self) -> dict[str, Any]:
        """All parameters, JSON-able, equal for equal meaning."""
        return self.model_dump(mode="json")


class OutputOperation(Operation):
    """A step that settles how the result is written and leaves the pixels alone."""

    group = Group.OUTPUT
    peak_bytes = (0.0, 0.0)
    work = 0.0

    def scales(self) -> bool:
        return True

    def apply(self, image: Image.Image) -> Image.Image:
        return image
