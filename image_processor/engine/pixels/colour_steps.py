"""Runs of point operations (each pixel's colour changes by itself), fused into few passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PIL import Image

from image_processor.engine.pixels import matrices
from image_processor.engine.pixels.alpha import on_colour
from image_processor.engine.pixels.tables import IDENTITY, Table, apply_tables

_STRIP_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Weights:
    """Red, green and blue as weighted sums, rounded to levels 0..255. Gray becomes coloured."""

    matrix: matrices.Matrix

    def clips(self) -> bool:
        """Whether some colour is cut off at 0 or 255."""
        return matrices.clips(self.matrix)

    def then(self, other: Weights) -> Weights:
        """This step followed by `other`, without rounding in between."""
        return Weights(matrices.product(self.matrix, other.matrix))


@dataclass(frozen=True, slots=True)
class Curve:
    """One lookup table for all channels, or three tables for red, green and blue."""

    tables: tuple[Table, ...]

    @classmethod
    def of(cls, *tables: Table) -> Curve:
        """A curve of one table or of three; three equal tables are kept as one."""
        return cls(tables[:1] if len(set(tables)) == 1 else tables)

    def then(self, other: Curve) -> Curve:
        """This step followed by `other`. Exact."""
        pairs = zip(self._three(), other._three(), strict=True)
        return Curve.of(*(tuple(second[level] for level in first) for first, second in pairs))

    def _three(self) -> tuple[Table, ...]:
        return self.tables if len(self.tables) == 3 else self.tables * 3


@dataclass(frozen=True, slots=True)
class Luma:
    """All colour removed (Rec. 601): a single channel is left."""


ColourStep = Weights | Curve | Luma

_NO_CURVE = Curve.of(IDENTITY)
_NO_WEIGHTS = Weights(matrices.IDENTITY)


@dataclass(frozen=True, slots=True)
class ColourRun:
    """Consecutive point operations as one stage.

    `names` are those of the operations, `steps` what they do in order, `mode` the mode of the
    result. `linear`: whether the run gives the same picture on a reduced copy.

    Fusing tables is exact. Matrices are multiplied if the first one clips no colour. That saves a
    rounding, so results may differ from those of the single steps by up to four levels.
    """

    names: tuple[str, ...]
    steps: tuple[ColourStep, ...]
    mode: str
    linear: bool

    name: ClassVar[str] = "colours"

    def apply(self, image: Image.Image) -> Image.Image:
        """`image` after all steps. If its mode stays, `image` itself is changed in place."""
        steps = fuse_steps(self.steps, gray=image.mode in ("L", "LA"))
        if not steps and image.mode == self.mode:
            return image
        result = image if image.mode == self.mode else Image.new(self.mode, image.size)
        # A strip stays in the processor's cache through all steps.
        rows = max(1, _STRIP_BYTES // (4 * image.width))
        for top in range(0, image.height, rows):
            strip = image.crop((0, top, image.width, min(image.height, top + rows)))
            changed = on_colour(strip, lambda colour: apply_steps(colour, steps))
            result.paste(
                changed if changed.mode == self.mode else changed.convert(self.mode), (0, top)
            )
        return result

    def is_identity(self, mode: str) -> bool:
        """Whether every image in `mode` stays as it is."""
        return mode == self.mode and not fuse_steps(self.steps, gray=mode in ("L", "LA"))

    def passes(self, gray: bool) -> int:
        """The number of passes over the pixels, at least one."""
        return max(1, len(fuse_steps(self.steps, gray)))

    def __str__(self) -> str:
        return f"{self.name}: {', '.join(self.names)}"


def apply_steps(image: Image.Image, steps: Sequence[ColourStep]) -> Image.Image:
    """`image` (`L` or `RGB`) after all `steps`, as `L` or `RGB`."""
    for step in steps:
        if isinstance(step, Luma):
            image = image.convert("L")
        elif isinstance(step, Weights):
            image = matrices.apply_matrix(image, step.matrix)
        else:
            image = apply_tables(image, step.tables)
    return image


def fuse_steps(steps: Sequence[ColourStep], gray: bool) -> tuple[ColourStep, ...]:
    """The fewest steps with the same effect, on a gray image or on a coloured one."""
    fused: list[ColourStep] = []
    for number, step in enumerate(steps):
        if gray:
            # What becomes of each of the 256 grays describes all steps that are left.
            return (*fused, *_fuse_on_grays(steps[number:]))
        fused = _append(fused, step)
        gray = isinstance(step, Luma)
    return tuple(fused)


def _fuse_on_grays(steps: Sequence[ColourStep]) -> tuple[Curve, ...]:
    ramp = Image.frombytes("L", (256, 1), bytes(IDENTITY))
    curve = Curve.of(*(tuple(band.tobytes()) for band in apply_steps(ramp, steps).split()))
    return () if curve == _NO_CURVE else (curve,)


def _append(steps: list[ColourStep], step: ColourStep) -> list[ColourStep]:
    last = steps[-1] if steps else None
    if isinstance(last, Curve) and isinstance(step, Curve):
        return _append(steps[:-1], last.then(step))
    if isinstance(last, Weights) and isinstance(step, Weights) and not last.clips():
        return _append(steps[:-1], last.then(step))
    return steps if step in (_NO_CURVE, _NO_WEIGHTS) else [*steps, step]
