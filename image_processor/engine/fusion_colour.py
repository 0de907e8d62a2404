"""Runs of steps that change each pixel's colour by itself, brought to as few as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PIL import Image

from image_processor.engine.colour import on_colour

_IDENTITY = bytes(range(256))
_SAME = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_STRIP_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Matrix:
    """Red, green and blue as weighted sums: three rows of three weights and what is added.

    Sums are rounded to whole levels 0..255. Makes a gray picture a coloured one.
    """

    cells: tuple[float, ...]

    def bounded(self) -> bool:
        """Whether no colour is ever cut off at 0 or 255."""
        rows = [self.cells[start : start + 4] for start in (0, 4, 8)]
        lowest = min(255 * sum(min(0.0, cell) for cell in row[:3]) + row[3] for row in rows)
        highest = max(255 * sum(max(0.0, cell) for cell in row[:3]) + row[3] for row in rows)
        return lowest > -0.5 and highest < 255.5

    def then(self, other: Matrix) -> Matrix:
        """This one and then `other`, without rounding in between."""
        cells = []
        for row in range(0, 12, 4):
            weights = other.cells[row : row + 3]
            columns = [
                sum(weight * self.cells[4 * at + column] for at, weight in enumerate(weights))
                for column in range(4)
            ]
            cells += [*columns[:3], columns[3] + other.cells[row + 3]]
        return Matrix(tuple(cells))


@dataclass(frozen=True, slots=True)
class Curve:
    """A table of 256 levels for each of red, green and blue; a gray picture needs them equal."""

    red: bytes
    green: bytes
    blue: bytes

    @classmethod
    def of(cls, levels: Sequence[int]) -> Curve:
        """The same 256 `levels` for every channel."""
        return cls(bytes(levels), bytes(levels), bytes(levels))

    @property
    def gray(self) -> bool:
        return self.red == self.green == self.blue

    def then(self, other: Curve) -> Curve:
        return Curve(
            self.red.translate(other.red),
            self.green.translate(other.green),
            self.blue.translate(other.blue),
        )


@dataclass(frozen=True, slots=True)
class Luma:
    """All colour taken out (Rec. 601): leaves a single channel."""


ColourStep = Matrix | Curve | Luma


@dataclass(frozen=True, slots=True)
class ColourRun:
    """Point-wise steps as one: their `names`, what is left of them, and the mode they give.

    Tables are joined exactly. Matrices are multiplied where the first cuts nothing off, which
    spares a rounding: results then differ from those of the single steps by up to three levels.
    """

    names: tuple[str, ...]
    steps: tuple[ColourStep, ...]
    mode: str
    linear: bool

    name: ClassVar[str] = "colours"

    def apply(self, image: Image.Image) -> Image.Image:
        """`image` after all steps: itself, changed in place, where its mode stays."""
        steps = fused(self.steps, gray=image.mode in ("L", "LA"))
        if not steps and image.mode == self.mode:
            return image
        result = image if image.mode == self.mode else Image.new(self.mode, image.size)
        # A strip stays in the processor's cache through all steps.
        rows = max(1, _STRIP_BYTES // (4 * image.width))
        for top in range(0, image.height, rows):
            strip = image.crop((0, top, image.width, min(image.height, top + rows)))
            changed = on_colour(strip, lambda colour: through(colour, steps))
            result.paste(
                changed if changed.mode == self.mode else changed.convert(self.mode), (0, top)
            )
        return result

    def changes_nothing(self, mode: str) -> bool:
        """Whether a picture in `mode` stays as it is."""
        return mode == self.mode and not fused(self.steps, gray=mode in ("L", "LA"))

    def parts(self, gray: bool) -> int:
        """How many passes over the pixels are left, at least one."""
        return max(1, len(fused(self.steps, gray)))

    def __str__(self) -> str:
        return f"{self.name}: {', '.join(self.names)}"


def through(image: Image.Image, steps: Sequence[ColourStep]) -> Image.Image:
    """`image` (L or RGB) after each of `steps`, as L or RGB."""
    for step in steps:
        if isinstance(step, Luma):
            image = image.convert("L")
        elif isinstance(step, Matrix):
            image = (image if image.mode == "RGB" else image.convert("RGB")).convert(
                "RGB", step.cells
            )
        elif image.mode == "L" and step.gray:
            image = image.point(list(step.red))
        elif image.mode == "L":
            tables = (step.red, step.green, step.blue)
            image = Image.merge("RGB", [image.point(list(table)) for table in tables])
        else:
            image = image.point(list(step.red + step.green + step.blue))
    return image


def fused(steps: Sequence[ColourStep], gray: bool) -> tuple[ColourStep, ...]:
    """As few steps with the same effect, on a `gray` picture or on one in colour."""
    before: list[ColourStep] = []
    for number, step in enumerate(steps):
        if gray:
            # What becomes of each of the 256 grays says it all.
            return (*before, *_tones(steps[number:]))
        before = _joined(before, step)
        gray = isinstance(step, Luma)
    return tuple(before)


def _tones(steps: Sequence[ColourStep]) -> tuple[Curve, ...]:
    ramp = Image.frombytes("L", (256, 1), _IDENTITY)
    channels = [band.tobytes() for band in through(ramp, steps).split()]
    curve = Curve.of(channels[0]) if len(channels) == 1 else Curve(*channels)
    return () if curve == Curve.of(_IDENTITY) else (curve,)


def _joined(steps: list[ColourStep], step: ColourStep) -> list[ColourStep]:
    last = steps[-1] if steps else None
    if isinstance(last, Curve) and isinstance(step, Curve):
        return _joined(steps[:-1], last.then(step))
    if isinstance(last, Matrix) and isinstance(step, Matrix) and last.bounded():
        return _joined(steps[:-1], last.then(step))
    changes_nothing = step in (Curve.of(_IDENTITY), Matrix(_SAME))
    return steps if changes_nothing else [*steps, step]
