"""Runs of crops, turns and one resize as a single step: cut, resample, turn."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.pixels.resample import Box, Kernel, resample, whole

_TRANSPOSES = {
    (False, True, False): Image.Transpose.FLIP_LEFT_RIGHT,
    (False, False, True): Image.Transpose.FLIP_TOP_BOTTOM,
    (False, True, True): Image.Transpose.ROTATE_180,
    (True, False, False): Image.Transpose.TRANSPOSE,
    (True, True, False): Image.Transpose.ROTATE_270,
    (True, False, True): Image.Transpose.ROTATE_90,
    (True, True, True): Image.Transpose.TRANSVERSE,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One of the eight ways to lay a picture: rows and columns swapped, then mirrored."""

    swapped: bool = False
    mirrored: bool = False
    flipped: bool = False

    @classmethod
    def of(cls, method: Image.Transpose) -> Turn:
        """The turn that `Image.transpose` makes by `method`."""
        return next(cls(*flags) for flags, known in _TRANSPOSES.items() if known == method)

    @property
    def method(self) -> Image.Transpose | None:
        return _TRANSPOSES.get((self.swapped, self.mirrored, self.flipped))

    def then(self, other: Turn) -> Turn:
        across, down = self.mirrored, self.flipped
        if other.swapped:
            across, down = down, across
        return Turn(self.swapped ^ other.swapped, across ^ other.mirrored, down ^ other.flipped)

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Width and height after the turn of a picture of `size`; and back, too."""
        return size[::-1] if self.swapped else size

    def box_before(self, box: Box, size: tuple[int, int]) -> Box:
        """Where `box` of the turned picture, which has `size`, lies before the turn."""
        left, top, right, bottom = box
        if self.mirrored:
            left, right = size[0] - right, size[0] - left
        if self.flipped:
            top, bottom = size[1] - bottom, size[1] - top
        return (top, left, bottom, right) if self.swapped else (left, top, right, bottom)


@dataclass(frozen=True, slots=True)
class Cut:
    """Keep `box` (left, top, right, bottom) of the picture, in whole pixels."""

    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Scale:
    """Make `box` of the picture `size` large."""

    size: tuple[int, int]
    box: Box
    kernel: Kernel


Move = Turn | Cut | Scale


@dataclass(frozen=True, slots=True)
class Geometry:
    """A part of the picture, at another size, turned.

    `source`: width and height that the picture was planned with; it may come reduced.
    `within`: the whole pixels that exist after cutting. `box`: the part of them shown.
    `size`: what it becomes before the `turn`. `kernel` is None where nothing is resampled.
    """

    source: tuple[int, int]
    within: tuple[int, int, int, int]
    box: Box
    size: tuple[int, int]
    kernel: Kernel | None = None
    turn: Turn = Turn()

    name: ClassVar[str] = "geometry"

    @classmethod
    def of(cls, width: int, height: int, turn: Turn = Turn()) -> Geometry:
        """All of a picture, turned."""
        all_of_it = (0, 0, width, height)
        return cls((width, height), all_of_it, all_of_it, (width, height), turn=turn)

    @property
    def cuts(self) -> bool:
        return self.within != (0, 0, *self.source)

    @property
    def nothing(self) -> bool:
        """Whether the picture stays as it is."""
        return not self.cuts and self.kernel is None and self.turn == Turn()

    def then(self, move: Move) -> Geometry | None:
        """This and then `move`, or None where that takes a step of its own."""
        if isinstance(move, Turn):
            return replace(self, turn=self.turn.then(move))
        box = self.turn.box_before(move.box, self.turn.size(self.size))
        if isinstance(move, Cut):
            return self._cut(box)
        if self.kernel is not None or (move.kernel == "nearest" and self.turn != Turn()):
            return None  # which of two equally near pixels is taken depends on the turn
        size = self.turn.size(move.size)
        if size == self.size and box == whole(size):
            return self
        left, top = self.within[:2]
        moved = (box[0] + left, box[1] + top, box[2] + left, box[3] + top)
        return replace(self, box=moved, size=size, kernel=move.kernel)

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
        """How many pixels of the source make one of the result, along the side with fewer.

        A side that was rounded up to a whole pixel counts as what it was before.
        """
        if self.kernel in (None, "nearest"):
            return 1.0
        across, down = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return min(across / (self.size[0] - 0.5), down / (self.size[1] - 0.5))

    def apply(self, image: Image.Image) -> Image.Image:
        """The result, of the planned size also where `image` is a reduced copy of the source."""
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
        """The most bytes that `apply` holds at once for a picture of `before`, which counts."""
        share = before.pixels / (self.source[0] * self.source[1])
        within = (self.within[2] - self.within[0]) * (self.within[3] - self.within[1]) * share
        result = self.size[0] * self.size[1]
        stored = before.stored_bytes
        peaks = [stored + 4.5 * within] if self.cuts else [float(stored)]
        if self.kernel is not None:
            rate = 13.0 if before.has_alpha else 10.0
            peaks.append((stored if self.cuts else 0) + rate * max(within, result))
        if self.turn != Turn():
            copies = 2 if self.cuts or self.kernel is not None else 1
            peaks.append(stored + 4.5 * result * copies)
        return round(max(peaks))

    @property
    def work(self) -> float:
        """Per pixel, in units of decoding one JPEG pixel."""
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
