"""One image through one pipeline: decode, steps, encode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from image_processor.engine.errors import TooMuchMemory, decoder_errors
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.interruption import Checkpoint, Deadline, Watch, no_checkpoint
from image_processor.engine.limits import Limits
from image_processor.engine.operations.base import Operation
from image_processor.engine.planning.fusion import Stage
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.planner import Plan, plan, replanned
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.decode import Picture, open_source
from image_processor.engine.reading.overlays import Overlay
from image_processor.engine.writing.encode import encode


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file and what it is.

    `frames` counts those written: equal neighbours in an animation are merged. `quality` is
    the one used, None for formats without. `decoded_size` is what the decoder gave out.
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

    `overlays` holds the files of the images that `pipeline.overlays()` names, by id.

    `checkpoint` is called with the progress (0..1) between steps, frames, strips of large
    pictures and the tries of a search; whatever it raises stops the render and passes through.
    There the `deadline` is looked at, too: TookTooLong when it is over. Raises the domain errors
    of `plan`, OverlayMissing, InvalidImage for damaged pixels, EncodeFailed and TooMuchMemory.
    """
    with Watch(checkpoint, deadline) as watch:
        return _rendered(source, facts, pipeline, limits, overlays or {}, watch)


def _rendered(
    source: bytes | Path,
    facts: Facts,
    pipeline: Pipeline,
    limits: Limits,
    overlays: Mapping[int, bytes],
    watch: Watch,
) -> Rendered:
    given = {number: Overlay.read(file, limits) for number, file in overlays.items()}
    pipeline = pipeline.with_overlays(given)
    planned = plan(facts, pipeline, limits)
    data = source.read_bytes() if isinstance(source, Path) else source
    watch(0.0)
    opened = open_source(
        data,
        facts,
        planned.decoded,
        planned.decode_scale,
        planned.frames,
        pipeline.output.metadata,
    )
    pictures, planned = _worked(opened.pictures(), planned, facts, limits, watch)
    watch(0.9)
    encoded = encode(pictures, planned.format, pipeline.output, opened.exif, opened.loop)
    warnings = [*planned.warnings, *opened.warnings]
    if encoded.target_missed:
        warnings.append(_target_missed(len(encoded.data), pipeline.output.max_bytes or 0))
    return Rendered(
        data=encoded.data,
        format=planned.format,
        width=planned.width,
        height=planned.height,
        frames=_written_frames(encoded.data, planned),
        mode=encoded.mode,
        has_alpha=encoded.mode in ("LA", "RGBA"),
        warnings=warnings,
        quality=encoded.quality,
        encodes=encoded.encodes,
        decoded_size=opened.decoded_size,
    )


def _worked(
    pictures: Iterable[Picture], planned: Plan, facts: Facts, limits: Limits, watch: Watch
) -> tuple[list[Picture], Plan]:
    """All stages on all pictures, and the plan as it is when every size is known.

    One picture after the other goes through the stages, up to one that looks at all of them.
    """
    done = 0
    while True:
        total = len(planned.stages)
        looking = (n for n in range(done, total) if planned.stages[n].looks)
        stop = next(looking, total)
        share = 0.9 * (stop - done + 1) / (total + 1)
        worked: list[Picture] = []
        for picture in pictures:
            begun = 0.9 * done / (total + 1) + share * len(worked) / planned.frames
            step_done = _part_of(watch, begun, share / planned.frames)
            _apply(planned.stages[done:stop], picture, step_done)
            worked.append(picture)
        if stop == total:
            return worked, planned
        stage = planned.stages[stop]
        assert isinstance(stage.work, Operation)
        settled = stage.work.settled([picture.image for picture in worked])
        for picture in worked:
            _apply([stage._replace(work=settled)], picture, lambda _: watch.again())
        pictures, done = worked, stop + 1
        if not stage.after.exact:
            planned = replanned(planned, done, Frame.of(worked[0].image), facts, limits)


def _part_of(checkpoint: Checkpoint, begun: float, share: float) -> Checkpoint:
    """A checkpoint for the part of the work from `begun` on, which is `share` of all of it."""
    return lambda progress: checkpoint(begun + share * progress)


def _apply(stages: Sequence[Stage], picture: Picture, done: Checkpoint) -> None:
    """All `stages` on `picture`. Only what the plan promised may come out of them."""
    for number, stage in enumerate(stages, start=1):
        done(number / (len(stages) + 1))
        try:
            picture.image = stage.apply(picture.image)
        except MemoryError as error:
            detail = f"Memory ran out in {stage.work.name}."
            raise TooMuchMemory(detail) from error
    if stages and not stages[-1].after.promises(Frame.of(picture.image)):
        raise AssertionError(f"planned {stages[-1].after}, made {Frame.of(picture.image)}")


def _written_frames(data: bytes, planned: Plan) -> int:
    if planned.frames == 1:
        return 1
    with decoder_errors("reading the result"):
        return int(getattr(open_image(data, planned.format), "n_frames", 1))


def _target_missed(actual: int, limit: int) -> dict[str, Any]:
    detail = f"The smallest result has {actual} bytes; at most {limit} were asked for."
    return {"code": "target_missed", "detail": detail, "limit": limit, "actual": actual}
