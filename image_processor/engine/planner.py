"""Facts and a pipeline to numbers: sizes, decode scale, memory, cost. No pixel is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from image_processor.engine.colour import working_mode
from image_processor.engine.encode import MAX_ENCODES
from image_processor.engine.errors import (
    LosslessUnavailable,
    OutputTooLarge,
    TooMuchMemory,
    TooMuchWork,
)
from image_processor.engine.estimate import Stage, peak_bytes, work_cost
from image_processor.engine.facts import Facts
from image_processor.engine.formats import OUTPUT_FORMATS, WRITTEN_AS, OutputFormat
from image_processor.engine.limits import Limits
from image_processor.engine.operations.base import Frame, Operation
from image_processor.engine.pipeline import Pipeline
from utils.errors import DomainError

_HEAVY_COST = 6.0
_HEAVY_BYTES = 400_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a render will do and take.

    `decode_scale`: 1, 2, 4 or 8; the source is decoded at that fraction of its size.
    `exact`: False where a step's result depends on the pixels (`trim`); width, height, memory
    and cost are then those of an image from which it cuts nothing off, and what follows it is
    checked again when the size is known.
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
    stages: tuple[Stage, ...] = field(default=(), repr=False)
    exact: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The numbers, JSON-able."""
        names = ("width", "height", "format", "frames", "decode_scale", "peak_bytes", "cost")
        values = {name: getattr(self, name) for name in names}
        return {**values, "exact": self.exact, "queue": self.queue, "warnings": list(self.warnings)}


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
    steps = (
        (operation, f"/transformations/{index}/params")
        for index, operation in enumerate(pipeline.operations)
    )
    stages = _stages(first, steps, limits)
    last = stages[-1].after if stages else first
    if last.exact:
        _check_sides(last, written.max_side, f"A {written.name} file", "/format")
    frames = facts.frames if facts.animated and written.animation else 1
    scale = _decode_scale(facts, stages, first)
    peak = peak_bytes(facts, first, stages, written, frames, scale) + pipeline.overlay_bytes()
    _check_memory(peak, limits)
    searching = pipeline.output.searches and written.lossy
    tries = MAX_ENCODES if searching else 1
    cost = work_cost(facts, first, stages, last, frames, scale, written, tries)
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
        stages=stages,
        exact=last.exact,
    )


def _stages(
    first: Frame, steps: Iterable[tuple[Operation, str]], limits: Limits
) -> tuple[Stage, ...]:
    """`steps` (with their pointers) one after the other, from an image of `first`.

    What a step refuses on a size that is not known yet is left until it is.
    """
    stages: list[Stage] = []
    frame = first
    for operation, pointer in steps:
        try:
            stage = _stage(operation, frame, pointer, limits)
        except DomainError:
            if frame.exact:
                raise
            stage = Stage(operation, frame, frame, pointer)
        stages.append(stage)
        frame = stage.after
    return tuple(stages)


def replanned(planned: Plan, done: int, frame: Frame, facts: Facts, limits: Limits) -> Plan:
    """`planned` with what follows its first `done` stages planned anew on the known `frame`.

    Raises what `plan` raises.
    """
    written = OUTPUT_FORMATS[planned.format]
    steps = ((stage.operation, stage.pointer) for stage in planned.stages[done:])
    rest = _stages(frame, steps, limits)
    last = rest[-1].after if rest else frame
    if last.exact:
        _check_sides(last, written.max_side, f"A {written.name} file", "/format")
    _check_memory(peak_bytes(facts, frame, rest, written, planned.frames, 1), limits)
    return replace(
        planned,
        width=last.width,
        height=last.height,
        stages=(*planned.stages[:done], *rest),
        exact=last.exact,
    )


def _stage(operation: Operation, frame: Frame, pointer: str, limits: Limits) -> Stage:
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
    return Stage(operation, frame, after, pointer)


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


def _decode_scale(facts: Facts, stages: tuple[Stage, ...], first: Frame) -> int:
    """The largest JPEG scale that leaves twice the pixels that the first resampling needs."""
    if facts.format not in ("JPEG", "MPO"):
        return 1
    turned = False
    for stage in stages:
        needed = stage.operation.needs(stage.before)
        if needed is not None:
            wide, high = reversed(needed) if turned else needed
            for scale in (8, 4, 2):
                if first.width // scale >= 2 * wide and first.height // scale >= 2 * high:
                    return scale
            return 1
        if not stage.operation.scales():
            return 1
        turned ^= stage.before.width == stage.after.height and stage.operation.name == "rotate"
    return 1


def _warnings(facts: Facts, written: OutputFormat, frames: int) -> list[dict[str, Any]]:
    if facts.frames == frames:
        return []
    if facts.animated:
        detail = f"{written.name} keeps the first of the {facts.frames} pictures only."
        return [{"code": "first_frame_only", "detail": detail}]
    detail = f"Only the first of the {facts.frames} pages was read."
    return [{"code": "first_page_only", "detail": detail}]
