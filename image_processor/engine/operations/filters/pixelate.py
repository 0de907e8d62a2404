"""Pixelate: one colour for each square of pixels."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import Pixels
from image_processor.engine.operations.placement import reduced_box
from image_processor.engine.operations.region import Region
from image_processor.engine.pixels.colour import premultiplied


class Pixelate(Operation):
    """Give each square of pixels its average colour, everywhere or in a region."""

    name = "pixelate"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"size": 12}
    peak_bytes = (13.0, 14.0)
    work = 0.4

    size: Pixels = Field(default=10, description="Side of the squares; 1 changes nothing.")
    region: Region | None = Field(
        default=None,
        description="Rectangle that is pixelated, as x, y, width and height in pixels; "
        "everything when absent.",
    )

    def plan(self, frame: Frame) -> Frame:
        if self.region is not None:
            self.region.check(frame, "/region")
        return frame

    def apply(self, image: Image.Image) -> Image.Image:
        if self.size == 1:
            return image
        if self.region is None:
            return self._enlarged(image.reduce(self.size), image.size)
        box = self.region.box()
        # No name for the part: it is free again as soon as it has been reduced.
        squares = self._enlarged(
            image.crop(box).reduce(self.size), (self.region.width, self.region.height)
        )
        result = image.copy()
        result.paste(squares, box)
        return result

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Operation:
        box = None if self.region is None else reduced_box(self.region.box(), full, real)
        return Squares(side=self.size * math.sqrt(real.pixels / full.pixels), box=box)

    def _enlarged(self, averages: Image.Image, size: tuple[int, int]) -> Image.Image:
        """Each pixel of `averages` as a square; the last ones are cut off at `size`.

        `reduce`, which they come from, weighs colours by alpha by itself.
        """
        part = (0.0, 0.0, size[0] / self.size, size[1] / self.size)
        return averages.resize(size, Image.Resampling.NEAREST, box=part)


class Squares(Operation):
    """What pixelate does, with squares whose side is no whole number of pixels."""

    group = Group.FILTERS
    peak_bytes = (40.0, 40.0)

    side: float
    box: tuple[int, int, int, int] | None

    def apply(self, image: Image.Image) -> Image.Image:
        if self.side <= 1:
            return image
        if self.box is None:
            return premultiplied(image, self._averaged)
        result = image.copy()
        result.paste(premultiplied(image.crop(self.box), self._averaged), self.box)
        return result

    def _averaged(self, image: Image.Image) -> Image.Image:
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
