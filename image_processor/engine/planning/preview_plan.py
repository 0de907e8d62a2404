"""What a preview does, as a plan of the finished result gives it: planned once, sent as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, Self

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.operations.capabilities import OutputOperation
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.preview_scale import PREVIEW_SIDE, preview_scales
from image_processor.engine.planning.steps import Step, pixel_steps
from image_processor.engine.reading.working_mode import working_frame


@dataclass(frozen=True, slots=True)
class PreviewPlan:
    """The frames of the full image and the scales (0..1): before the first step and after each.

    `pointers` point at the steps' parameters in the request. Steps that only set output options do
    not count.
    """

    frames: tuple[Frame, ...]
    scales: tuple[float, ...]
    pointers: tuple[str, ...]

    @classmethod
    def of(cls, facts: Facts, planned: Sequence[Step], longest: int = PREVIEW_SIDE) -> Self:
        """The plan of a preview, at most `longest` pixels a side, from the steps of the result."""
        steps = pixel_steps(planned)
        first = steps[0].before if steps else working_frame(facts)
        return cls(
            (first, *(step.after for step in steps)),
            tuple(preview_scales(first, steps, longest)),
            tuple(step.pointer for step in steps),
        )

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        frames = tuple(Frame(*frame) for frame in values["frames"])
        return cls(frames, tuple(values["scales"]), tuple(values["pointers"]))

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON values."""
        frames = [astuple(frame) for frame in self.frames]
        return {"frames": frames, "scales": self.scales, "pointers": self.pointers}

    def steps(self, pipeline: Pipeline) -> list[Step]:
        """The planned steps, with the operations of `pipeline`, for which the plan was made."""
        operations = [it for it in pipeline.operations if not isinstance(it, OutputOperation)]
        rows = zip(operations, self.frames[:-1], self.frames[1:], self.pointers, strict=True)
        return [Step(*row) for row in rows]
