"""A stage: one pass over the image, made of one operation or of several fused ones."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.capabilities import ContentDependent, Resamples
from image_processor.engine.pixels.colour_steps import ColourRun
from image_processor.engine.pixels.fused_geometry import Geometry
from image_processor.engine.planning.steps import Step

Work = Geometry | ColourRun | Operation


class Stage(NamedTuple):
    """One pass, the frame it gets and the frame it returns.

    The image itself may be a reduced copy of `before`, if it was decoded reduced and nothing has
    resampled it yet. `rest` holds the steps after a stage whose result size depends on the pixels.
    They are planned again, and fused, once that size is known.
    """

    work: Work
    before: Frame
    after: Frame
    rest: tuple[Step, ...] = ()

    @property
    def content_dependent(self) -> bool:
        """Whether the pixels of all frames decide what the stage does."""
        return isinstance(self.work, ContentDependent)

    @property
    def resamples(self) -> bool:
        if isinstance(self.work, Geometry):
            return self.work.kernel is not None
        return isinstance(self.work, Resamples)

    def shrink(self) -> float:
        """How many pixels make one pixel of the result, if the stage resamples."""
        if isinstance(self.work, Geometry):
            return self.work.shrink()
        return self.work.shrink(self.before) if isinstance(self.work, Resamples) else 1.0

    def allows_reduced(self) -> bool:
        """Whether the stage, though it does not resample, also works on a reduced copy."""
        if isinstance(self.work, Geometry):
            return not self.work.cuts and self.work.kernel is None
        return isinstance(self.work, ColourRun) and self.work.linear

    def apply(self, image: Image.Image) -> Image.Image:
        """`image` after this stage. `image` may be changed in place."""
        if isinstance(self.work, Resamples):
            return self.work.apply_reduced(image, self.before)
        return self.work.apply(image)

    def peak(self, before: Frame, after: Frame) -> int:
        """Peak memory in bytes for frames that may be reduced from the planned ones."""
        if isinstance(self.work, Geometry):
            return self.work.peak(before)
        if isinstance(self.work, ColourRun):
            kept = 0 if after.mode == before.mode else after.stored_bytes
            return round(1.05 * (before.stored_bytes + kept)) + 4_000_000
        return self.work.peak(before, after)

    def work_per_pixel(self) -> float:
        """Work in units of decoding one JPEG pixel."""
        if isinstance(self.work, ColourRun):
            return 0.3 * self.work.passes(gray=self.before.is_gray)
        return self.work.work

    def __str__(self) -> str:
        """The stage in one line."""
        if isinstance(self.work, Operation):
            params = ", ".join(f"{name} {value}" for name, value in self.work.canonical().items())
            return f"{self.work.name}: {params}" if params else self.work.name
        return str(self.work)
