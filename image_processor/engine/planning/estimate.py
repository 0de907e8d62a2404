"""The memory and the work of a render, from numbers alone."""

from __future__ import annotations

from collections.abc import Sequence

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.planning.plan import Plan
from image_processor.engine.planning.stage import Stage
from image_processor.engine.reading.decode_cost import (
    compose_bytes,
    decode_bytes,
    decode_work,
    reduced_frame,
)
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.writing.encode import MAX_ENCODES
from image_processor.engine.writing.options import AUTO, Output
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS, OutputFormat

# The work of scaling a 12-megapixel JPEG to 800x600, whose cost is 1.0.
_COST_UNIT = 9_500_000.0

_OVERHEAD_BYTES = 8_000_000

# Bytes per pixel that each frame of an animation takes until the end: the picture, the writer's
# copy of it, and its compressed form.
_KEPT_BYTES = {"PNG": 12, "GIF": 7, "WEBP": 8}

# What a frame takes however small it is: measured up to 2.4 kB and 0.25 ms.
_FRAME_BYTES = 4_000
_FRAME_WORK = 60_000


def peak_bytes(
    facts: Facts,
    first: Frame,
    stages: Sequence[Stage],
    written: OutputFormat,
    output: Output,
    frames: int,
    scale: int,
) -> int:
    """Peak memory in bytes over decoding, all stages and encoding.

    `first` is the decoded frame at full size, `scale` the denominator of the decode scale.
    """
    composing = compose_bytes(facts, first)
    peaks = [decode_bytes(facts, first, scale) + composing]
    for stage in stages:
        before = reduced_frame(stage.before, scale)
        scale = 1 if stage.resamples else scale
        peaks.append(stage.peak(before, reduced_frame(stage.after, scale)) + composing)
    last = stages[-1].after if stages else first
    writing = written.peak(
        last.pixels,
        alpha=last.has_alpha,
        lossless=output.lossless,
        auto=output.quality == AUTO,
    )
    peaks.append(writing + composing)
    # All frames of an animation are held at its end, and where their content is analysed.
    held = max([last.pixels, *(s.before.pixels for s in stages if s.content_dependent)])
    kept_bytes = _KEPT_BYTES.get(written.name, 4)
    kept = (held * kept_bytes + _FRAME_BYTES) * frames if frames > 1 else 0
    return max(peaks) + kept + facts.size_bytes + _OVERHEAD_BYTES


def work_cost(
    facts: Facts,
    first: Frame,
    stages: Sequence[Stage],
    written: OutputFormat,
    output: Output,
    frames: int,
    scale: int,
) -> float:
    """The work of a render, in units of scaling a 12-megapixel JPEG to 800x600."""
    work = _work_before_encoding(facts, first, stages, scale)
    last = stages[-1].after if stages else first
    encodes = MAX_ENCODES if output.searches_quality and written.lossy else 1
    work += written.work(last.pixels, lossless=output.lossless) * encodes
    return round(work * frames / _COST_UNIT, 3)


def steps_cost(facts: Facts, planned: Plan) -> float:
    """The work of decoding and of all steps of one frame, in the same units."""
    work = _work_before_encoding(facts, planned.decoded, planned.stages, planned.decode_scale)
    return work / _COST_UNIT


def writing_cost(format_name: str, pixels: int) -> float:
    """The work of encoding so many pixels, in the same units."""
    return pixels * OUTPUT_FORMATS[format_name].encode_cost / _COST_UNIT


def _work_before_encoding(facts: Facts, first: Frame, stages: Sequence[Stage], scale: int) -> float:
    work = decode_work(facts, first, scale) + _FRAME_WORK
    for stage in stages:
        pixels = max(stage.before.pixels / scale**2, stage.after.pixels)
        work += pixels * stage.work_per_pixel()
        if stage.resamples:
            scale = 1
    return work


def overlay_cost(overlay: Overlay) -> float:
    """The work of decoding an overlay, in the same units."""
    return round((decode_work(overlay.facts, overlay.frame, 1) + _FRAME_WORK) / _COST_UNIT, 3)
