"""The base class of the artistic effects: strength, and painting in strips by two threads."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, Self

from PIL import Image
from pydantic import Field, PrivateAttr

from image_processor.engine.frame import Frame
from image_processor.engine.interruption import stop_if_requested
from image_processor.engine.operations.artistic.canvas import (
    Bytes,
    Canvas,
    Strip,
    reduction,
    strip_rows,
    unit_of,
)
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import Reducible
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels.opencv import cv2

THREADS = 2

Painter = Callable[[Strip], Bytes]


class Effect(Operation, Reducible):
    """An operation that paints the picture anew. Alpha stays."""

    group = Group.ARTISTIC
    work = 14.0

    # Peak memory in bytes per pixel of the reduced copy, and per pixel of the strips in work.
    small_bytes: ClassVar[float] = 70.0
    strip_bytes: ClassVar[float] = 40.0

    strength: Fraction = Field(
        default=1.0, description="Strength: 0 is the original, 1 the full effect."
    )

    # Set if the image is a reduced copy: the size of the picture that it stands for.
    _full_size: tuple[int, int] | None = PrivateAttr(default=None)

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Self:
        copy = self.model_copy()
        copy._full_size = (full.width, full.height)
        return copy

    @abstractmethod
    def painter(self, canvas: Canvas) -> Painter:
        """A function that paints a strip: RGB for all of its rows. Two threads call it at once."""

    def margin(self, unit: float) -> int:
        """How many rows a strip must see beyond its own; `unit` is that of the canvas."""
        return 2

    def coarseness(self, unit: float) -> int:
        """By what the sides of a preview's copy can be divided; `unit` is that of the canvas."""
        return 1

    def apply(self, image: Image.Image) -> Image.Image:
        after = self.plan(Frame.of(image))
        if self.strength == 0:
            return image.convert(after.mode)
        # By default OpenCV uses all cores, in the whole process. It gets two threads for the
        # reduced copy, and one while two strips are painted at once.
        coarseness = self.coarseness(unit_of(*image.size)) if self._full_size else 1
        canvas = Canvas(image, self._full_size, coarseness)
        cv2.setNumThreads(THREADS)
        paint, margin = self.painter(canvas), self.margin(canvas.unit)
        cv2.setNumThreads(1)
        result = Image.new(after.mode, image.size)

        def paint_rows(rows: tuple[int, int]) -> tuple[int, Image.Image]:
            strip = canvas.strip(*rows, margin)
            painted = paint(strip)[strip.inner]
            if self.strength < 1:
                source = strip.colours[strip.inner]
                painted = cv2.addWeighted(painted, self.strength, source, 1 - self.strength, 0)
            return rows[0], self._to_image(painted, after.mode)

        with ThreadPoolExecutor(THREADS) as threads:
            for top, part in threads.map(paint_rows, canvas.strips(margin)):
                stop_if_requested()
                result.paste(part, (0, top))
        if after.has_alpha:
            result.putalpha(image.getchannel("A"))
        return result

    def _to_image(self, painted: Bytes, mode: str) -> Image.Image:
        if mode in ("L", "LA"):
            return Image.fromarray(cv2.cvtColor(painted, cv2.COLOR_RGB2GRAY)).convert(mode)
        return Image.fromarray(painted).convert(mode)

    def peak(self, before: Frame, after: Frame) -> int:
        """The picture before and after, the arrays of the reduced copy and those of two strips."""
        small = before.pixels / reduction(before.width, before.height) ** 2
        margin = self.margin(unit_of(before.width, before.height))
        rows = min(before.height, THREADS * (strip_rows(before.width, margin) + 2 * margin))
        strips = rows * before.width
        alpha = before.pixels if before.has_alpha else 0
        kept = before.stored_bytes + after.stored_bytes + alpha
        return round(kept + small * self.small_bytes + strips * self.strip_bytes)
