"""Facts and a pipeline to numbers: sizes, decode scale, memory, cost. No pixel is touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from image_processor.engine.colour import working_mode
from image_processor.engine.encode import MAX_ENCODES
from image_processor.engine.errors import LosslessUnavailable, OutputTooLarge, TooMuchMemory
from image_processor.engine.estimate import peak_bytes, work_cost
from image_processor.engine.facts import Facts
from image_processor.engine.formats import OUTPUT_FORMATS, WRITTEN_AS, OutputFormat
from image_processor.engine.fusion import Stage, Step, fuse
from image_processor.engine.fusion_colour import Luma
from image_processor.engine.fusion_geometry import Geometry, Turn
from image_processor.engine.limits import Limits
from image_processor.engine.operations.base import Frame, OutputOperation
from image_processor.engine.pipeline import Pipeline
from utils.errors import DomainError

_HEAVY_COST = 6.0
_HEAVY_BYTES = 400_000_000

# What brings a picture of each EXIF orientation upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a render will do and take.

    `decode_scale`: 1, 2, 4 or 8; the source is decoded at that fraction of its size, which is
    `decoded` (as stored, not yet upright) at scale 1 and in that mode.
    `peak_bytes`: estimated memory for pixels. `cost`: 1.0 is about one 12-megapixel JPEG to
    800x600. `warnings`: dicts with `code` and `detail`. `stages` is for `render`.
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
    decoded: Frame = field(repr=False)
    stages: tuple[Stage, ...] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The numbers, JSON-able."""
        names = ("width", "height", "format", "frames", "decode_scale", "peak_bytes", "cost")
        values = {name: getattr(self, name) for name in names}
        return {**values, "queue": self.queue, "warnings": list(self.warnings)}

    def explain(self) -> list[str]:
        """What will be done, in the order in which it is done, one line for each."""
        scale = f" at 1/{self.decode_scale}" if self.decode_scale > 1 else ""
        frames = f", {self.frames} frames" if self.frames > 1 else ""
        return [
            f"decode{scale} of {self.decoded.width}x{self.decoded.height}, {self.decoded.mode}"
            + frames,
            *(f"{stage} -> {_size(stage.after)}" for stage in self.stages),
            f"write {self.format}, {self.width}x{self.height}",
            f"about {self.peak_bytes // 2**20} MB of memory, cost {self.cost}, {self.queue} queue",
            *(f"warning: {warning['detail']}" for warning in self.warnings),
        ]


def plan(facts: Facts, pipeline: Pipeline, limits: Limits) -> Plan:
    """Plan `pipeline` on an image of these `facts`.

    Raises CropOutsideImage, OutputTooLarge, TooMuchMemory or LosslessUnavailable, each with
    pointer, limit and actual.
    """
    written = OUTPUT_FORMATS[pipeline.output.format or WRITTEN_AS.get(facts.format, facts.format)]
    if pipeline.output.lossless and not written.lossless:
        able = ", ".join(name for name, spec in OUTPUT_FORMATS.items() if spec.lossless)
        raise LosslessUnavailable(
            f"{written.name} has no lossless mode; these have: {able}.", pointer="/lossless"
        )
    first = Frame(facts.width, facts.height, working_mode(facts.mode, facts.has_alpha))
    steps = _steps(first, pipeline, limits)
    last = steps[-1].after if steps else first
    if _luma_suffices(facts, steps):
        first = first.in_gray()
        steps = _steps(first, pipeline, limits)
    stored, upright = _as_stored(facts, first)
    stages = fuse(stored, upright, steps)
    _check_sides(last, written.max_side, f"A {written.name} file", "/format")
    frames = facts.frames if facts.animated and written.animation else 1
    scale = _decode_scale(facts, stages)
    peak = peak_bytes(facts, stored, stages, written, frames, scale)
    if peak > limits.max_memory_bytes:
        raise TooMuchMemory(
            f"The work would need about {peak // 2**20} MB of memory; "
            f"the limit is {limits.max_memory_bytes // 2**20} MB.",
            pointer="/transformations",
            limit=limits.max_memory_bytes,
            actual=peak,
        )
    searching = pipeline.output.max_bytes is not None and written.lossy
    tries = MAX_ENCODES if searching else 1
    cost = work_cost(facts, stored, stages, last, frames, scale, written, tries)
    heavy = cost > _HEAVY_COST or peak > _HEAVY_BYTES
    return Plan(
        width=last.width,
        height=last.height,
        format=written.name,
        frames=frames,
        decode_scale=scale,
        peak_bytes=peak,
        cost=cost,
        queue="heavy" if heavy else "light",
        warnings=_warnings(facts, written, frames),
        decoded=stored,
        stages=stages,
    )


def _size(frame: Frame) -> str:
    return f"{frame.width}x{frame.height} {frame.mode}"


def _steps(first: Frame, pipeline: Pipeline, limits: Limits) -> tuple[Step, ...]:
    steps: list[Step] = []
    frame = first
    for index, operation in enumerate(pipeline.operations):
        pointer = f"/transformations/{index}/params"
        try:
            after = operation.plan(frame)
        except DomainError as error:
            raise type(error)(
                error.detail,
                pointer=pointer + error.pointer,
                limit=error.limit,
                actual=error.actual,
            ) from None
        _check_sides(after, limits.max_output_side, f"The result of {operation.name}", pointer)
        steps.append(Step(operation, frame, after))
        frame = after
    return tuple(steps)


def _luma_suffices(facts: Facts, steps: tuple[Step, ...]) -> bool:
    """Whether a JPEG's colours can be left out of decoding: they are dropped before any use.

    A profile would have to see them. Cuts and turns do not, and resizing may come after.
    """
    in_srgb = facts.icc_profile is None or facts.icc_profile.startswith("sRGB")
    if facts.format not in ("JPEG", "MPO") or facts.mode != "RGB" or not in_srgb:
        return False
    for step in steps:
        colour = step.operation.colour()
        if colour:
            return isinstance(colour[0], Luma)
        moves = step.operation.move(step.before) is not None
        if not moves and not isinstance(step.operation, OutputOperation):
            return False
    return False


def _as_stored(facts: Facts, upright: Frame) -> tuple[Frame, Turn]:
    """The frame that the decoder gives out, and what brings it `upright`."""
    method = _UPRIGHT.get(facts.orientation)
    if method is None or facts.format == "TIFF":  # Pillow turns TIFF on loading
        return upright, Turn()
    turn = Turn.of(method)
    return upright.resized(*turn.size((upright.width, upright.height))), turn


def _check_sides(frame: Frame, limit: int, what: str, pointer: str) -> None:
    longest = max(frame.width, frame.height)
    if longest > limit:
        raise OutputTooLarge(
            f"{what} would be {frame.width}x{frame.height} pixels; "
            f"a side may have at most {limit}.",
            pointer=pointer,
            limit=limit,
            actual=longest,
        )


def _decode_scale(facts: Facts, stages: tuple[Stage, ...]) -> int:
    """The largest JPEG scale that leaves twice the pixels that the first resampling needs."""
    if facts.format not in ("JPEG", "MPO"):
        return 1
    for stage in stages:
        if isinstance(stage.work, Geometry) and stage.work.kernel is not None:
            shrink = stage.work.shrink()
            return next((scale for scale in (8, 4, 2) if shrink >= 2 * scale), 1)
        if not stage.scales():
            return 1
    return 1


def _warnings(facts: Facts, written: OutputFormat, frames: int) -> list[dict[str, Any]]:
    if facts.frames == frames:
        return []
    if facts.animated:
        detail = f"{written.name} keeps the first of the {facts.frames} pictures only."
        return [{"code": "first_frame_only", "detail": detail}]
    detail = f"Only the first of the {facts.frames} pages was read."
    return [{"code": "first_page_only", "detail": detail}]
