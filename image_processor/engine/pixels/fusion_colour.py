"""Runs of steps that change each pixel's colour by itself, brought to as few as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PIL import Image

from image_processor.engine.pixels import matrices
from image_processor.engine.pixels.colour import on_colour
from image_processor.engine.pixels.tables import IDENTITY, Table, through_tables

_STRIP_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Weights:
    """Red, green and blue as weighted sums, rounded to whole levels 0..255.

    Makes a gray picture a coloured one.
    """

    matrix: matrices.Matrix

    def bounded(self) -> bool:
        """Whether no colour is ever cut off at 0 or 255."""
        return not matrices.cuts_off(self.matrix)

    def then(self, other: Weights) -> Weights:
        """This one and then `other`, without rounding in between."""
        return Weights(matrices.product(self.matrix, other.matrix))


@dataclass(frozen=True, slots=True)
class Curve:
    """One table for all channels; or three, for red, green and blue, which differ."""

    tables: tuple[Table, ...]

    @classmethod
    def of(cls, *tables: Table) -> Curve:
        """One table or three."""
        return cls(tables[:1] if len(set(tables)) == 1 else tables)

    def then(self, other: Curve) -> Curve:
        pairs = zip(self._three(), other._three(), strict=True)
        return Curve.of(*(tuple(second[level] for level in first) for first, second in pairs))

    def _three(self) -> tuple[Table, ...]:
        return self.tables if len(self.tables) == 3 else self.tables * 3


@dataclass(frozen=True, slots=True)
class Luma:
    """All colour taken out (Rec. 601): leaves a single channel."""


ColourStep = Weights | Curve | Luma

_NO_CURVE = Curve.of(IDENTITY)
_NO_WEIGHTS = Weights(matrices.IDENTITY)


@dataclass(frozen=True, slots=True)
class ColourRun:
    """Point-wise steps as one: their `names`, what is left of them, and the mode they give.

    Tables are joined exactly. Matrices are multiplied where the first cuts nothing off, which
    spares a rounding: results then differ from those of the single steps by up to four levels.
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
        elif isinstance(step, Weights):
            image = matrices.through_matrix(image, step.matrix)
        else:
            image = through_tables(image, step.tables)
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
    ramp = Image.frombytes("L", (256, 1), bytes(IDENTITY))
    curve = Curve.of(*(tuple(band.tobytes()) for band in through(ramp, steps).split()))
    return () if curve == _NO_CURVE else (curve,)


def _joined(steps: list[ColourStep], step: ColourStep) -> list[ColourStep]:
    last = steps[-1] if steps else None
    if isinstance(last, Curve) and isinstance(step, Curve):
        return _joined(steps[:-1], last.then(step))
    if isinstance(last, Weights) and isinstance(step, Weights) and last.bounded():
        return _joined(steps[:-1], last.then(step))
    return steps if step in (_NO_CURVE, _NO_WEIGHTS) else [*steps, step]
