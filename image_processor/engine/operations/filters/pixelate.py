"""Pixelate: each square of pixels in one colour."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import Reducible
from image_processor.engine.operations.parameters import Pixels
from image_processor.engine.operations.placement import reduce_box
from image_processor.engine.operations.reduction import reduction_scale
from image_processor.engine.operations.region import Region
from image_processor.engine.pixels.alpha import on_premultiplied


class Pixelate(Operation, Reducible):
    """Give each square of pixels its average colour, everywhere or in a region."""

    name = "pixelate"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"size": 12}
    peak_bytes = (13.0, 14.0)
    work = 0.4

    size: Pixels = Field(default=10, description="Side of the squares; 1 changes nothing.")
    region: Region | None = Field(
        default=None,
        description="Rectangle to pixelate, in pixels; without one, the whole picture.",
    )

    def plan(self, frame: Frame) -> Frame:
        if self.region is not None:
            self.region.check(frame, "/region")
        return frame

    def apply(self, image: Image.Image) -> Image.Image:
        if self.size == 1:
            return image
        if self.region is None:
            return self._enlarge(image.reduce(self.size), image.size)
        box = self.region.box()
        # The crop gets no name, so that it is freed as soon as it has been reduced.
        squares = self._enlarge(
            image.crop(box).reduce(self.size), (self.region.width, self.region.height)
        )
        result = image.copy()
        result.paste(squares, box)
        return result

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Operation:
        box = None if self.region is None else reduce_box(self.region.box(), full, real)
        return FractionalSquares(side=self.size * reduction_scale(full, real), box=box)

    def _enlarge(self, averages: Image.Image, size: tuple[int, int]) -> Image.Image:
        """Each pixel of `averages` as a square; squares at the end are cut off at `size`.

        The averages come from `Image.reduce`, which premultiplies by itself.
        """
        part = (0.0, 0.0, size[0] / self.size, size[1] / self.size)
        return averages.resize(size, Image.Resampling.NEAREST, box=part)


class FractionalSquares(Operation):
    """Pixelate with a side that is no whole number of pixels, for reduced copies."""

    name = "pixelate"
    group = Group.FILTERS
    peak_bytes = (40.0, 40.0)

    side: float
    box: tuple[int, int, int, int] | None

    def apply(self, image: Image.Image) -> Image.Image:
        if self.side <= 1:
            return image
        if self.box is None:
            return on_premultiplied(image, self._average)
        result = image.copy()
        result.paste(on_premultiplied(image.crop(self.box), self._average), self.box)
        return result

    def _average(self, image: Image.Image) -> Image.Image:
        values = np.asarray(image, np.float32)
        for axis, length in ((0, image.height), (1, image.width)):
            starts = np.unique(np.round(np.arange(0, length, self.side)).astype(int))
            starts = starts[starts < length]
            counts = np.diff([*starts, length])
            shape = [1] * values.ndim
            shape[axis] = -1
            sums = np.add.reduceat(values, starts, axis=axis) / counts.reshape(shape)
            values = np.repeat(sums, counts, axis=axis)
        return Image.frombytes(image.mode, image.size, (values + 0.5).astype(np.uint8).tobytes())
