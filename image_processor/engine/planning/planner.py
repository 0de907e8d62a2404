"""Planning a render from facts and a pipeline, without touching a pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from image_processor.engine.errors import LosslessUnavailable, TooMuchMemory, TooMuchWork
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.limits import Limits
from image_processor.engine.pixels.turn import NO_TURN
from image_processor.engine.planning.estimate import overlay_cost, peak_bytes, work_cost
from image_processor.engine.planning.fusion import fuse
from image_processor.engine.planning.partial_decoding import decode_scale, without_unused_colour
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.plan import Plan
from image_processor.engine.planning.steps import check_sides, plan_pipeline, replan_steps
from image_processor.engine.reading.orientation import as_stored
from image_processor.engine.reading.working_mode import working_frame
from image_processor.engine.writing.output_formats import (
    OUTPUT_FORMATS,
    OutputFormat,
    output_format,
)

# Jobs above either of these go to the heavy queue.
_HEAVY_COST = 6.0
_HEAVY_BYTES = 400_000_000


def plan(facts: Facts, pipeline: Pipeline, limits: Limits) -> Plan:
    """Plan `pipeline` on an image of these `facts`.

    Raises OutputTooLarge, TooMuchMemory, TooMuchWork, LosslessUnavailable, or the error of a step
    that does not fit (CropOutsideImage ...), with pointer, limit and actual.
    """
    output = pipeline.output
    written = output_format(output.format, facts.format)
    _check_lossless(written, pipeline)
    first = working_frame(facts)
    steps = plan_pipeline(first, pipeline, limits)
    if (gray_steps := without_unused_colour(facts, steps)) is not None:
        first, steps = first.in_gray(), gray_steps
    last = steps[-1].after if steps else first
    stored, upright = as_stored(facts, first)
    stages = fuse(stored, upright, steps)
    if last.exact:
        _check_format_sides(last, written)
    frames = facts.frames if facts.animated and written.animation else 1
    scale = decode_scale(facts, stages)
    overlays = pipeline.overlays.values()
    overlay_bytes = sum(overlay.facts.size_bytes for overlay in overlays)
    peak = peak_bytes(facts, stored, stages, written, output, frames, scale)
    peak += overlay_bytes
    _check_memory(peak, limits)
    cost = work_cost(facts, stored, stages, written, output, frames, scale)
    cost = round(cost + sum(overlay_cost(overlay) for overlay in overlays), 3)
    _check_work(cost, limits)
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
        warnings=[*facts.warnings, *_warnings(facts, written, frames)],
        exact=last.exact,
        decoded=stored,
        steps=steps,
        stages=stages,
        overlay_bytes=overlay_bytes,
    )


def replan(
    planned: Plan, done: int, frame: Frame, facts: Facts, pipeline: Pipeline, limits: Limits
) -> Plan:
    """`planned`, with everything after its first `done` stages planned again.

    The result size of the last finished stage depended on the pixels; `frame` is the frame of that
    result. Raises what `plan` raises.
    """
    written = OUTPUT_FORMATS[planned.format]
    steps = replan_steps(frame, planned.stages[done - 1].rest, limits)
    last = steps[-1].after if steps else frame
    rest = fuse(frame, NO_TURN, steps)
    if last.exact:
        _check_format_sides(last, written)
    peak = peak_bytes(facts, frame, rest, written, pipeline.output, planned.frames, 1)
    peak += planned.overlay_bytes
    _check_memory(peak, limits)
    return replace(
        planned,
        width=last.width,
        height=last.height,
        stages=(*planned.stages[:done], *rest),
        exact=last.exact,
    )


def _check_lossless(written: OutputFormat, pipeline: Pipeline) -> None:
    if pipeline.output.lossless and not written.lossless:
        able = ", ".join(name for name, spec in OUTPUT_FORMATS.items() if spec.lossless)
        raise LosslessUnavailable(
            f"{written.name} has no lossless mode. These formats have one: {able}.",
            pointer="/lossless",
        )


def _check_format_sides(last: Frame, written: OutputFormat) -> None:
    check_sides(last, written.max_side, f"A {written.name} file", "/format")


def _check_memory(peak: int, limits: Limits) -> None:
    if peak > limits.max_memory_bytes:
        raise TooMuchMemory(
            f"The work would need about {peak // 2**20} MB of memory; "
            f"the limit is {limits.max_memory_bytes // 2**20} MB.",
            pointer="/transformations",
            limit=limits.max_memory_bytes,
            actual=peak,
        )


def _check_work(cost: float, limits: Limits) -> None:
    if cost > limits.max_cost:
        raise TooMuchWork(
            f"The work would cost about {cost} units; the limit is {limits.max_cost}. One unit is "
            "the work of scaling down a photograph of 12 megapixels.",
            pointer="/transformations",
            limit=limits.max_cost,
            actual=cost,
        )


def _warnings(facts: Facts, written: OutputFormat, frames: int) -> list[dict[str, Any]]:
    if facts.frames == frames:
        return []
    if facts.animated:
        detail = f"{written.name} keeps only the first of the {facts.frames} frames."
        return [{"code": "first_frame_only", "detail": detail}]
    detail = f"Only the first of the {facts.frames} pages was read."
    return [{"code": "first_page_only", "detail": detail}]
