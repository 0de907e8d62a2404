"""One image through one pipeline: decode, steps, encode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from image_processor.engine.codecs import open_image
from image_processor.engine.decode import Picture, open_source
from image_processor.engine.encode import encode
from image_processor.engine.errors import TooMuchMemory, decoder_errors
from image_processor.engine.facts import Facts
from image_processor.engine.fusion import Stage
from image_processor.engine.limits import Limits
from image_processor.engine.operations.base import Frame
from image_processor.engine.pipeline import Pipeline
from image_processor.engine.planner import Plan, plan

Checkpoint = Callable[[float], None]


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


def no_checkpoint(progress: float) -> None:
    """The checkpoint of a render that nobody watches."""


def render(
    source: bytes | Path,
    facts: Facts,
    pipeline: Pipeline,
    limits: Limits,
    *,
    checkpoint: Checkpoint = no_checkpoint,
) -> Rendered:
    """Run `pipeline` on `source`, whose `facts` come from `inspect`.

    `checkpoint` is called with the progress (0..1) before decoding, between steps and before
    encoding; whatever it raises stops the render and passes through. Raises the domain errors
    of `plan`, InvalidImage for damaged pixels, EncodeFailed and TooMuchMemory.
    """
    planned = plan(facts, pipeline, limits)
    data = source.read_bytes() if isinstance(source, Path) else source
    checkpoint(0.0)
    opened = open_source(
        data,
        facts,
        planned.decoded,
        planned.decode_scale,
        planned.frames,
        pipeline.output.metadata,
    )
    pictures: list[Picture] = []
    for picture in opened.pictures():
        done = len(pictures) / planned.frames

        def step_done(part: float, done: float = done) -> None:
            checkpoint(0.9 * (done + part / planned.frames))

        _apply(planned.stages, picture, step_done)
        pictures.append(picture)
    checkpoint(0.9)
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


def _apply(stages: tuple[Stage, ...], picture: Picture, done: Checkpoint) -> None:
    """All stages on `picture`. Only what the plan promised may come out of them."""
    for number, stage in enumerate(stages, start=1):
        done(number / (len(stages) + 1))
        try:
            picture.image = stage.apply(picture.image)
        except MemoryError as error:
            detail = f"Memory ran out in {stage.work.name}."
            raise TooMuchMemory(detail) from error
    if stages and Frame.of(picture.image) != stages[-1].after:
        raise AssertionError(f"planned {stages[-1].after}, made {Frame.of(picture.image)}")


def _written_frames(data: bytes, planned: Plan) -> int:
    if planned.frames == 1:
        return 1
    with decoder_errors("reading the result"):
        return int(getattr(open_image(data, planned.format), "n_frames", 1))


def _target_missed(actual: int, limit: int) -> dict[str, Any]:
    detail = f"The smallest result has {actual} bytes; at most {limit} were asked for."
    return {"code": "target_missed", "detail": detail, "limit": limit, "actual": actual}
