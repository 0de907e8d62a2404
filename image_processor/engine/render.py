"""Rendering: one image through one pipeline. Decode, apply all stages, encode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from image_processor.engine.errors import TooMuchMemory, decoder_errors
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.interruption import Checkpoint, Deadline, Watch, no_checkpoint
from image_processor.engine.limits import Limits
from image_processor.engine.operations.capabilities import ContentDependent
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.plan import Plan
from image_processor.engine.planning.planner import plan, replan
from image_processor.engine.planning.stage import Stage
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.decode import Picture, Source, open_source
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.writing.display_times import fit_times
from image_processor.engine.writing.encode import encode


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file and its facts.

    `frames` counts the written frames; equal neighbours in an animation are merged, and a GIF
    leaves out frames that are too short for it. `quality` is the quality that was used, None for
    formats without one. `encodes` counts the encodings of the search for it. `decoded_size` is the
    size that the decoder returned. `picture` holds the pixels of the first frame, from which the
    service makes the thumbnail.
    """

    data: bytes
    format: str
    width: int
    height: int
    frames: int
    mode: str
    has_alpha: bool
    warnings: list[dict[str, Any]]
    quality: int | None
    encodes: int
    decoded_size: tuple[int, int]
    picture: Image.Image = field(repr=False)


def render(
    source: bytes | Path,
    facts: Facts,
    pipeline: Pipeline,
    limits: Limits,
    *,
    overlays: Mapping[int, bytes] | None = None,
    checkpoint: Checkpoint = no_checkpoint,
    deadline: Deadline | None = None,
) -> Rendered:
    """Run `pipeline` on `source`, whose `facts` come from `inspect`.

    `overlays` holds the files of the images that `pipeline.overlay_ids()` names, by id.

    `checkpoint` is called with the progress (0..1) between steps, frames, strips of large images
    and encoding attempts. If it raises, the render stops and the exception passes through.

    Raises the domain errors of `plan`, OverlayMissing, TookTooLong after the `deadline`,
    InvalidImage for damaged pixels, EncodeFailed and TooMuchMemory.
    """
    with Watch(checkpoint, deadline) as watch:
        files = {number: Overlay.read(file, limits) for number, file in (overlays or {}).items()}
        pipeline = pipeline.with_overlays(files)
        planned = plan(facts, pipeline, limits)
        data = source.read_bytes() if isinstance(source, Path) else source
        watch(0.0)
        opened, pictures, planned = draw(data, planned, facts, pipeline, limits, watch)
        left_out = fit_times(pictures, planned.format)
        watch(0.9)
        encoded = encode(
            pictures,
            planned.format,
            pipeline.output,
            opened.metadata,
            opened.loop,
            indexed=facts.indexed,
        )
        warnings = [*planned.warnings, *opened.warnings]
        if left_out:
            warnings.append(_frames_left_out(left_out, planned))
        if encoded.target_missed:
            warnings.append(_target_missed(len(encoded.data), pipeline.output.max_bytes or 0))
        return Rendered(
            data=encoded.data,
            format=planned.format,
            width=planned.width,
            height=planned.height,
            frames=_count_frames(encoded.data, planned),
            mode=encoded.mode,
            has_alpha=encoded.mode in ("LA", "RGBA"),
            warnings=warnings,
            quality=encoded.quality,
            encodes=encoded.encodes,
            decoded_size=opened.decoded_size,
            picture=pictures[0].image,
        )


def draw(
    source: bytes, planned: Plan, facts: Facts, pipeline: Pipeline, limits: Limits, watch: Watch
) -> tuple[Source, list[Picture], Plan]:
    """The opened source, all pictures before they are encoded, and the plan with exact sizes."""
    opened = open_source(
        source,
        facts,
        planned.decoded,
        planned.decode_scale,
        planned.frames,
        pipeline.output.metadata,
    )
    pictures, planned = _apply_plan(opened.pictures(), planned, facts, pipeline, limits, watch)
    return opened, pictures, planned


def _apply_plan(
    pictures: Iterable[Picture],
    planned: Plan,
    facts: Facts,
    pipeline: Pipeline,
    limits: Limits,
    watch: Watch,
) -> tuple[list[Picture], Plan]:
    """All pictures after all stages, and the plan with every size known.

    Each picture goes through the stages by itself, up to a stage that depends on the content of
    all of them.
    """
    done = 0
    while True:
        total = len(planned.stages)
        dependent = (n for n in range(done, total) if planned.stages[n].content_dependent)
        stop = next(dependent, total)
        share = 0.9 * (stop - done + 1) / (total + 1)
        finished: list[Picture] = []
        for picture in pictures:
            start = 0.9 * done / (total + 1) + share * len(finished) / planned.frames
            report = _partial_checkpoint(watch, start, share / planned.frames)
            _apply_stages(planned.stages[done:stop], picture, report)
            finished.append(picture)
        if stop == total:
            return finished, planned
        stage = planned.stages[stop]
        assert isinstance(stage.work, ContentDependent)
        resolved = stage._replace(work=stage.work.resolve([p.image for p in finished]))
        for picture in finished:
            _apply_stages([resolved], picture, lambda _: watch.repeat())
        pictures, done = finished, stop + 1
        if not stage.after.exact:
            frame = Frame.of(finished[0].image)
            planned = replan(planned, done, frame, facts, pipeline, limits)


def _partial_checkpoint(checkpoint: Checkpoint, start: float, share: float) -> Checkpoint:
    """A checkpoint for a part of the work: from `start`, and `share` of the whole."""
    return lambda progress: checkpoint(start + share * progress)


def _apply_stages(stages: Sequence[Stage], picture: Picture, report: Checkpoint) -> None:
    """Apply `stages` to `picture`, and check that the result has the planned frame."""
    for number, stage in enumerate(stages, start=1):
        report(number / (len(stages) + 1))
        try:
            picture.image = stage.apply(picture.image)
        except MemoryError as error:
            raise TooMuchMemory(f"Memory ran out in {stage.work.name}.") from error
    if stages and not stages[-1].after.allows(Frame.of(picture.image)):
        raise AssertionError(f"planned {stages[-1].after}, made {Frame.of(picture.image)}")


def _count_frames(data: bytes, planned: Plan) -> int:
    if planned.frames == 1:
        return 1
    with decoder_errors("reading the result"):
        return int(getattr(open_image(data, planned.format), "n_frames", 1))


def _frames_left_out(count: int, planned: Plan) -> dict[str, Any]:
    detail = (
        f"{planned.format} shows at most 50 frames a second. {count} of the {planned.frames} "
        "frames were left out, so that the animation keeps its speed."
    )
    return {"code": "frames_left_out", "detail": detail}


def _target_missed(actual: int, limit: int) -> dict[str, Any]:
    detail = f"The smallest possible result has {actual} bytes; the limit was {limit}."
    return {"code": "target_missed", "detail": detail, "limit": limit, "actual": actual}
