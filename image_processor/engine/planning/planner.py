"""Facts and a pipeline to numbers: sizes, decode scale, memory, cost. No pixel is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from image_processor.engine.errors import (
    LosslessUnavailable,
    OutputTooLarge,
    TooMuchMemory,
    TooMuchWork,
)
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.limits import Limits
from image_processor.engine.operations.base import Operation, OutputOperation
from image_processor.engine.operations.parameters import AUTO
from image_processor.engine.pixels.colour import working_mode
from image_processor.engine.pixels.fusion_colour import Luma
from image_processor.engine.pixels.fusion_geometry import Turn
from image_processor.engine.planning.estimate import peak_bytes, work_cost
from image_processor.engine.planning.fusion import Stage, Step, fuse
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.reading.orientation import as_stored
from image_processor.engine.writing.encode import MAX_ENCODES
from image_processor.engine.writing.formats import OUTPUT_FORMATS, WRITTEN_AS, OutputFormat
from utils.errors import DomainError

_HEAVY_COST = 6.0
_HEAVY_BYTES = 400_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a render will do and take.

    `decode_scale`: 1, 2, 4 or 8; the source is decoded at that fraction of its size, which is
    `decoded` (as stored, not yet upright) at scale 1 and in that mode.
    `exact`: False where a step's result depends on the pixels (`trim`); width, height, memory
    and cost are then those of an image from which it cuts nothing off, and what follows it is
    checked again when the size is known.
    `peak_bytes`: estimated memory for pixels. `cost`: 1.0 is about one 12-megapixel JPEG to
    800x600. `warnings`: dicts with `code` and `detail`. `stages` is for `render`.
    `overlay_bytes`: the files of overlays, held to the end; part of `peak_bytes`.
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
    overlay_bytes: int = field(default=0, repr=False)
    exact: bool = True
    lossless: bool = False
    auto: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The numbers, JSON-able."""
        names = ("width", "height", "format", "frames", "decode_scale", "peak_bytes", "cost")
        values = {name: getattr(self, name) for name in names}
        return {**values, "exact": self.exact, "queue": self.queue, "warnings": list(self.warnings)}

    def steps(self) -> list[str]:
        """What will be done, in the order in which it is done, one line for each."""
        scale = f" at 1/{self.decode_scale}" if self.decode_scale > 1 else ""
        frames = f", {self.frames} frames" if self.frames > 1 else ""
        most = "" if self.exact else "at most "
        return [
            f"decode{scale} of {self.decoded.width}x{self.decoded.height}, {self.decoded.mode}"
            + frames,
            *(f"{stage} -> {_size(stage.after)}" for stage in self.stages),
            f"write {self.format}, {most}{self.width}x{self.height}",
        ]

    def explain(self) -> list[str]:
        """The steps, what they take, and the warnings, one line for each."""
        return [
            *self.steps(),
            f"about {self.peak_bytes // 2**20} MB of memory, cost {self.cost}, {self.queue} queue",
            *(f"warning: {warning['detail']}" for warning in self.warnings),
        ]


def plan(facts: Facts, pipeline: Pipeline, limits: Limits) -> Plan:
    """Plan `pipeline` on an image of these `facts`.

    Raises OutputTooLarge, TooMuchMemory, TooMuchWork, LosslessUnavailable or what a step refuses
    (CropOutsideImage ...), each with pointer, limit and actual.
    """
    written = OUTPUT_FORMATS[pipeline.output.format or WRITTEN_AS.get(facts.format, facts.format)]
    if pipeline.output.lossless and not written.lossless:
        able = ", ".join(name for name, spec in OUTPUT_FORMATS.items() if spec.lossless)
        raise LosslessUnavailable(
            f"{written.name} has no lossless mode; these have: {able}.", pointer="/lossless"
        )
    first = Frame(facts.width, facts.height, working_mode(facts.mode, facts.has_alpha))
    asked = [
        (operation, f"/transformations/{index}/params")
        for index, operation in enumerate(pipeline.operations)
    ]
    steps = steps_on(first, asked, limits)
    last = steps[-1].after if steps else first
    if _luma_suffices(facts, steps):
        first = first.in_gray()
        steps = steps_on(first, asked, limits)
    stored, upright = as_stored(facts, first)
    stages = fuse(stored, upright, steps)
    if last.exact:
        _check_sides(last, written.max_side, f"A {written.name} file", "/format")
    frames = facts.frames if facts.animated and written.animation else 1
    scale = _decode_scale(facts, stages)
    how = {"lossless": pipeline.output.lossless, "auto": pipeline.output.quality == AUTO}
    peak = peak_bytes(facts, stored, stages, written, frames, scale, **how)
    overlay_bytes = pipeline.overlay_bytes()
    peak += overlay_bytes
    _check_memory(peak, limits)
    searching = pipeline.output.searches and written.lossy
    tries = MAX_ENCODES if searching else 1
    cost = work_cost(facts, stored, stages, last, frames, scale, written, tries)
    cost = round(cost + pipeline.overlay_cost(), 3)
    if cost > limits.max_cost:
        raise TooMuchWork(
            f"The work would cost about {cost} units; the limit is {limits.max_cost}. A unit is "
            "the work of scaling a photograph of 12 megapixels down.",
            pointer="/transformations",
            limit=limits.max_cost,
            actual=cost,
        )
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
        overlay_bytes=overlay_bytes,
        exact=last.exact,
        **how,
    )


def _size(frame: Frame) -> str:
    most = "" if frame.exact else "at most "
    return f"{most}{frame.width}x{frame.height} {frame.mode}"


def steps_on(
    first: Frame, asked: Iterable[tuple[Operation, str]], limits: Limits
) -> tuple[Step, ...]:
    """What is `asked` (with pointers) one after the other, from an image of `first`.

    What a step refuses on a size that is not known yet is left until it is.
    """
    steps: list[Step] = []
    frame = first
    for operation, pointer in asked:
        try:
            step = step_on(operation, frame, pointer, limits)
        except DomainError:
            if frame.exact:
                raise
            step = Step(operation, frame, frame, pointer)
        steps.append(step)
        frame = step.after
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


def replanned(planned: Plan, done: int, frame: Frame, facts: Facts, limits: Limits) -> Plan:
    """`planned` with what follows its first `done` stages planned anew on the known `frame`.

    The last of these stages is one whose result depends on the pixels. Raises what `plan` raises.
    """
    written = OUTPUT_FORMATS[planned.format]
    asked = ((step.operation, step.pointer) for step in planned.stages[done - 1].rest)
    steps = steps_on(frame, asked, limits)
    last = steps[-1].after if steps else frame
    rest = fuse(frame, Turn(), steps)
    if last.exact:
        _check_sides(last, written.max_side, f"A {written.name} file", "/format")
    how = {"lossless": planned.lossless, "auto": planned.auto}
    peak = peak_bytes(facts, frame, rest, written, planned.frames, 1, **how)
    peak += planned.overlay_bytes
    _check_memory(peak, limits)
    return replace(
        planned,
        width=last.width,
        height=last.height,
        stages=(*planned.stages[:done], *rest),
        exact=last.exact,
    )


def step_on(operation: Operation, frame: Frame, pointer: str, limits: Limits) -> Step:
    """The step on an image of `frame`; raises what it refuses, below `pointer`."""
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
    return Step(operation, frame, after, pointer)


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


def _check_memory(peak: int, limits: Limits) -> None:
    if peak > limits.max_memory_bytes:
        raise TooMuchMemory(
            f"The work would need about {peak // 2**20} MB of memory; "
            f"the limit is {limits.max_memory_bytes // 2**20} MB.",
            pointer="/transformations",
            limit=limits.max_memory_bytes,
            actual=peak,
        )


def _decode_scale(facts: Facts, stages: tuple[Stage, ...]) -> int:
    """The largest JPEG scale that leaves twice the pixels that the first resampling needs."""
    if facts.format not in ("JPEG", "MPO"):
        return 1
    for stage in stages:
        if stage.resamples:
            shrink = stage.shrink()
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
