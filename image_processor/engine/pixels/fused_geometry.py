"""A run of crops, turns and one resize, fused into one step: crop, resample, turn."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.pixels.resample import Box, Kernel, full_box, resample
from image_processor.engine.pixels.turn import NO_TURN, Turn


@dataclass(frozen=True, slots=True)
class Cut:
    """Keep `box` (left, top, right, bottom) of the image, in whole pixels."""

    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Scale:
    """Resample `box` of the image to `size`."""

    size: tuple[int, int]
    box: Box
    kernel: Kernel


Move = Turn | Cut | Scale


@dataclass(frozen=True, slots=True)
class Geometry:
    """A part of the source, resampled and turned.

    `source` is the size of the source in the plan; the image itself may be a reduced copy.
    `within` holds the whole pixels that are left after cropping. `box` is the part of them that
    is resampled to `size`. `turn` comes last. `kernel` is None if nothing is resampled.
    """

    source: tuple[int, int]
    within: tuple[int, int, int, int]
    box: Box
    size: tuple[int, int]
    kernel: Kernel | None = None
    turn: Turn = NO_TURN

    name: ClassVar[str] = "geometry"

    @classmethod
    def of(cls, width: int, height: int, turn: Turn = NO_TURN) -> Geometry:
        """The whole source, turned."""
        whole = (0, 0, width, height)
        return cls((width, height), whole, whole, (width, height), turn=turn)

    @property
    def cuts(self) -> bool:
        return self.within != (0, 0, *self.source)

    @property
    def is_identity(self) -> bool:
        return not self.cuts and self.kernel is None and self.turn == NO_TURN

    @property
    def result_size(self) -> tuple[int, int]:
        return self.turn.size(self.size)

    def then(self, move: Move) -> Geometry | None:
        """This geometry followed by `move`, or None if the two cannot be fused."""
        if isinstance(move, Turn):
            return replace(self, turn=self.turn.then(move))
        box = self.turn.box_before(move.box, self.result_size)
        if isinstance(move, Cut):
            return self._cut(box)
        if self.kernel is not None or (move.kernel == "nearest" and self.turn != NO_TURN):
            # The turn decides which of two equally near pixels the kernel "nearest" takes.
            return None
        size = self.turn.size(move.size)
        if size == self.size and box == full_box(size):
            return self
        left, top = self.within[:2]
        shifted = (box[0] + left, box[1] + top, box[2] + left, box[3] + top)
        return replace(self, box=shifted, size=size, kernel=move.kernel)

    def _cut(self, box: Box) -> Geometry:
        across = (self.box[2] - self.box[0]) / self.size[0]
        down = (self.box[3] - self.box[1]) / self.size[1]
        left, top = self.box[:2]
        part = (
            left + box[0] * across,
            top + box[1] * down,
            left + box[2] * across,
            top + box[3] * down,
        )
        size = round(box[2] - box[0]), round(box[3] - box[1])
        if self.kernel is not None:
            return replace(self, box=part, size=size)
        within = (round(part[0]), round(part[1]), round(part[2]), round(part[3]))
        return replace(self, within=within, box=within, size=size)

    def shrink(self) -> float:
        """How many source pixels make one result pixel, along the side that shrinks less.

        A side of the result that was rounded up counts with its length before rounding.
        """
        if self.kernel in (None, "nearest"):
            return 1.0
        across, down = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return min(across / (self.size[0] - 0.5), down / (self.size[1] - 0.5))

    def apply(self, image: Image.Image) -> Image.Image:
        """The result, in the planned size even if `image` is a reduced copy of the source."""
        across, down = image.width / self.source[0], image.height / self.source[1]
        left, top = math.floor(self.within[0] * across), math.floor(self.within[1] * down)
        right, bottom = math.ceil(self.within[2] * across), math.ceil(self.within[3] * down)
        if self.cuts:
            image = image.crop((left, top, right, bottom))
        if self.kernel is not None:
            box = (
                self.box[0] * across - left,
                self.box[1] * down - top,
                min(image.width, self.box[2] * across - left),
                min(image.height, self.box[3] * down - top),
            )
            image = resample(image, self.size, self.kernel, box)
        method = self.turn.method
        return image if method is None else image.transpose(method)

    def peak(self, before: Frame) -> int:
        """Peak memory of `apply` in bytes for an image of the frame `before`, which it includes."""
        share = before.pixels / (self.source[0] * self.source[1])
        within = (self.within[2] - self.within[0]) * (self.within[3] - self.within[1]) * share
        result = self.size[0] * self.size[1]
        stored = before.stored_bytes
        peaks = [stored + 4.5 * within] if self.cuts else [float(stored)]
        if self.kernel is not None:
            rate = 13.0 if before.has_alpha else 10.0
            peaks.append((stored if self.cuts else 0) + rate * max(within, result))
        if self.turn != NO_TURN:
            copies = 2 if self.cuts or self.kernel is not None else 1
            peaks.append(stored + 4.5 * result * copies)
        return round(max(peaks))

    @property
    def work(self) -> float:
        """Work per pixel, in units of decoding one JPEG pixel."""
        return 0.6 if self.kernel is not None else 0.1

    def __str__(self) -> str:
        parts = []
        if self.cuts:
            left, top, right, bottom = self.within
            parts.append(f"cut {right - left}x{bottom - top} at {left},{top}")
        if self.kernel is not None:
            parts.append(f"resample to {self.size[0]}x{self.size[1]} by {self.kernel}")
            if self.box != self.within:
                edges = ", ".join(f"{edge:g}" for edge in self.box)
                parts[-1] += f" from ({edges})"
        if self.turn.method is not None:
            parts.append(self.turn.method.name.lower().replace("_", " "))
        return f"{self.name}: {', '.join(parts) or 'nothing'}"
