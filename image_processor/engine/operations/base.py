"""The base class of every operation: its parameters, its plan on numbers, its work on pixels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Any, ClassVar

from PIL import Image
from pydantic import BaseModel, ConfigDict

from image_processor.engine.frame import Frame


class Group(StrEnum):
    """The groups of the catalogue. Each is the folder of its operations."""

    GEOMETRY = "geometry"
    TONE = "tone"
    FILTERS = "filters"
    ARTISTIC = "artistic"
    OVERLAY = "overlay"
    OUTPUT = "output"


class Operation(BaseModel, ABC):
    """One step of a pipeline. The fields are its parameters.

    A subclass declares `name`, `group`, `example` (valid parameters) and its fields, and defines
    `apply`, and `plan` if it changes size or mode. The parameters of an instance are valid; `plan`
    refuses those that do not fit the image. An operation with further abilities also inherits from
    the classes in `capabilities`.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    name: ClassVar[str]
    group: ClassVar[Group]
    example: ClassVar[dict[str, Any]]

    # Peak memory of `apply` including its input and output, in bytes per pixel of the larger of
    # the two: without alpha, and with alpha.
    peak_bytes: ClassVar[tuple[float, float]] = (9.0, 9.0)
    # Work per pixel of the larger of input and output, in units of decoding one JPEG pixel.
    work: ClassVar[float] = 0.3

    def plan(self, frame: Frame) -> Frame:
        """The frame of the result for an image of `frame`.

        Raises a domain error if the operation does not fit the image. The pointer of the error is
        relative to the parameters (`/width`).
        """
        return frame

    @abstractmethod
    def apply(self, image: Image.Image) -> Image.Image:
        """The result for `image`, which `plan` has accepted."""

    def peak(self, before: Frame, after: Frame) -> int:
        """Peak memory of `apply` in bytes, including its input and output."""
        opaque, alpha = self.peak_bytes
        larger = max(before.pixels, after.pixels)
        return round(larger * (alpha if before.has_alpha else opaque))

    def canonical(self) -> dict[str, Any]:
        """All parameters as JSON values; equal for parameters of equal meaning."""
        return self.model_dump(mode="json")
