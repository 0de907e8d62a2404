"""The plan of a render: what it will do, and what it will take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from image_processor.engine.frame import Frame
from image_processor.engine.planning.stage import Stage
from image_processor.engine.planning.steps import Step


@dataclass(frozen=True, slots=True)
class Plan:
    """What a render will do and take.

    `decode_scale` is 1, 2, 4 or 8: the source is decoded at that fraction of its size.
    `exact` is False if the result size depends on the pixels (`trim`). Width, height, memory and
    cost are then upper bounds, and the steps that follow are checked again once the size is known.
    `peak_bytes` is the estimated memory for pixels and files. `cost` is the work: 1.0 is about one
    12-megapixel JPEG scaled to 800x600. `warnings` are dicts with `code` and `detail`.

    The other fields are for `render` and `preview`. `decoded` is the frame that the decoder returns
    at scale 1, not yet upright. `overlay_bytes` is the part of `peak_bytes` for overlay files.
    """

    width: int
    height: int
    format: str
    frames: int
    decode_scale: int
    peak_bytes: int
    cost: float
    queue: str
    warnings: list[dict[str, Any]]
    exact: bool
    decoded: Frame = field(repr=False)
    steps: tuple[Step, ...] = field(repr=False)
    stages: tuple[Stage, ...] = field(repr=False)
    overlay_bytes: int = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        names = ("width", "height", "format", "frames", "decode_scale", "peak_bytes", "cost")
        values = {name: getattr(self, name) for name in names}
        return {**values, "exact": self.exact, "queue": self.queue, "warnings": list(self.warnings)}

    def describe_steps(self) -> list[str]:
        """What the render does, in its order, one line for each stage."""
        scale = f" at 1/{self.decode_scale}" if self.decode_scale > 1 else ""
        frames = f", {self.frames} frames" if self.frames > 1 else ""
        at_most = "" if self.exact else "at most "
        return [
            f"decode{scale} of {self.decoded.width}x{self.decoded.height}, {self.decoded.mode}"
            + frames,
            *(f"{stage} -> {_describe_frame(stage.after)}" for stage in self.stages),
            f"write {self.format}, {at_most}{self.width}x{self.height}",
        ]

    def explain(self) -> list[str]:
        """The stages, what they take, and the warnings, one line for each."""
        return [
            *self.describe_steps(),
            f"about {self.peak_bytes // 2**20} MB of memory, cost {self.cost}, {self.queue} queue",
            *(f"warning: {warning['detail']}" for warning in self.warnings),
        ]


def _describe_frame(frame: Frame) -> str:
    at_most = "" if frame.exact else "at most "
    return f"{at_most}{frame.width}x{frame.height} {frame.mode}"
