"""A picture of what a pipeline will make, at once: the steps on a reduced copy of the source.

Every step has two frames: the one that the finished result will have there, which decides what
is possible and where things lie, and that of the reduced picture. Steps shrink along by
`Operation.reduced`. An animation's first picture stands for all.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from image_processor.engine.errors import TooMuchMemory
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.interruption import Checkpoint, Deadline, Watch, no_checkpoint
from image_processor.engine.limits import Limits
from image_processor.engine.operations.base import OutputOperation
from image_processor.engine.pixels.colour import working_mode
from image_processor.engine.pixels.fusion_geometry import Geometry, Scale
from image_processor.engine.pixels.resample import resample, whole
from image_processor.engine.planning.fusion import Step
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.planner import step_on, steps_on
from image_processor.engine.reading.decode import Picture, open_source
from image_processor.engine.reading.orientation import as_stored
from image_processor.engine.reading.overlays import Overlay
from image_processor.engine.writing.encode import encode, fitted
from image_processor.engine.writing.formats import OUTPUT_FORMATS, WRITTEN_AS

LONGEST = 1024

# The most pixels that steps may work on, and that a source may have of which parts are cut out.
_MOST_WORKED = 3_000_000
_MOST_CUT = 16_000_000
# A JPEG is decoded at a fraction of its size if the pixels that are wanted remain, but for what
# rounding takes: the decoder averages as well as resampling does.
_NEARLY = 0.99
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Preview:
    """A file of at most `LONGEST` pixels a side: JPEG, or where there is alpha PNG or WebP; or, if
    it was asked for `encoded`, what the finished result would be."""

    data: bytes
    format: str
    width: int
    height: int


def scale_wanted(facts: Facts, pipeline: Pipeline, limits: Limits, longest: int = LONGEST) -> float:
    """At what scale (0..1) a preview wants the source, whose `facts` these are."""
    return _scales(_first(facts), _frames(facts, pipeline, limits), longest)[0]


def preview(
    source: bytes,
    given: Facts,
    facts: Facts,
    pipeline: Pipeline,
    limits: Limits,
    *,
    overlays: Mapping[int, bytes] | None = None,
    longest: int = LONGEST,
    encoded: bool = False,
    checkpoint: Checkpoint = no_checkpoint,
    deadline: Deadline | None = None,
) -> Preview:
    """What `pipeline` will make of a picture of these `facts`, with no side above `longest`.

    `source` is the picture or a reduced copy of it, and `given` are the facts of that. `encoded`
    writes it in the format and quality of the finished result, which takes longer and shows what
    compression does. Raises what `render` raises; `checkpoint` and `deadline` are as there.
    """
    laid = {number: Overlay.read(file, limits) for number, file in (overlays or {}).items()}
    pipeline = pipeline.with_overlays(laid)
    with Watch(checkpoint, deadline) as watch:
        watch(0.0)
        first, steps = _first(facts), _frames(facts, pipeline, limits)
        scales = _scales(first, steps, longest)
        try:
            image = _opened(source, given, first, scales[0])
            image = _worked(image, first, steps, scales, limits, watch)
        except MemoryError as error:
            raise TooMuchMemory("Memory ran out in a preview.") from error
        watch(0.9)
        write = _encoded if encoded else _written
        return write(_within(image, longest), facts, pipeline)


def _first(facts: Facts) -> Frame:
    return Frame(facts.width, facts.height, working_mode(facts.mode, facts.has_alpha))


def _frames(facts: Facts, pipeline: Pipeline, limits: Limits) -> Sequence[Step]:
    """The steps that change pixels, with the frames of the finished result."""
    asked = [
        (operation, f"/transformations/{index}/params")
        for index, operation in enumerate(pipeline.operations)
        if not isinstance(operation, OutputOperation)
    ]
    return steps_on(_first(facts), asked, limits)


def _scales(first: Frame, steps: Sequence[Step], longest: int) -> list[float]:
    """At what scale the picture is wanted before each step, and after the last.

    As much as a preview shows, and no more than `_MOST_WORKED` pixels once more is done than
    cutting and turning.
    """
    last = steps[-1].after if steps else first
    scales = [min(1.0, longest / max(last.width, last.height))]
    for step in reversed(steps):
        scales.insert(0, min(1.0, scales[0] * step.operation.enlarges(step.before)))
    excess = 1.0
    working = False
    for step, before, after in zip(steps, scales, scales[1:], strict=False):
        working = working or step.operation.move(step.before) is None
        most = _MOST_WORKED if working else _MOST_CUT
        pixels = max(step.before.pixels * before**2, step.after.pixels * after**2)
        excess = max(excess, pixels / most)
    return [scale / math.sqrt(excess) for scale in scales]


def _opened(source: bytes, given: Facts, full: Frame, scale: float) -> Image.Image:
    """The source upright, in the working mode of `full`, at `scale` of it if it has the pixels."""
    here = _first(given)
    scale = min(scale, here.width / full.width)
    size = max(1, round(full.width * scale)), max(1, round(full.height * scale))
    size = min(size[0], here.width), min(size[1], here.height)
    reduction = _decode_scale(given, size)
    decoded = -(-here.width // reduction), -(-here.height // reduction)
    if all(abs(side - wanted) <= 1 for side, wanted in zip(decoded, size, strict=True)):
        size = decoded  # resampling by a pixel would only soften it
    stored, upright = as_stored(given, here)
    opened = open_source(source, replace(given, frames=1), stored, reduction, 1, "strip")
    (picture,) = opened.pictures()
    geometry = Geometry.of(stored.width, stored.height, upright)
    if size != (here.width, here.height):
        scaling = Scale(size, whole((here.width, here.height)), "lanczos")
        geometry = geometry.then(scaling) or geometry
    image = geometry.apply(picture.image)
    return image if image.mode == full.mode else image.convert(full.mode)


def _decode_scale(facts: Facts, size: tuple[int, int]) -> int:
    if facts.format not in ("JPEG", "MPO"):
        return 1
    room = min(facts.width / size[0], facts.height / size[1])
    return next((scale for scale in (8, 4, 2) if room >= _NEARLY * scale), 1)


def _worked(
    image: Image.Image,
    full: Frame,
    steps: Sequence[Step],
    scales: Sequence[float],
    limits: Limits,
    watch: Watch,
) -> Image.Image:
    """All steps on `image`, which shows `full`; `scales` are those wanted."""
    for number, (step, wanted) in enumerate(zip(steps, scales[1:], strict=True)):
        watch(0.9 * (number + 1) / (len(steps) + 1))
        real = Frame.of(image)
        after = step_on(step.operation, full, step.pointer, limits).after
        have = math.sqrt(real.pixels / full.pixels)
        # No more than the picture has: enlarging it would show nothing new.
        scale = min(wanted, have / min(1.0, step.operation.enlarges(full)))
        target = max(1, round(after.width * scale)), max(1, round(after.height * scale))
        image = step.operation.reduced(full, real, target).apply(image)
        if not after.exact:
            size = round(image.width / have), round(image.height / have)
            after = replace(after.resized(*(max(1, side) for side in size)), exact=True)
        full = after
    return image


def _within(image: Image.Image, longest: int) -> Image.Image:
    """`image` with no side above `longest`, which rounding may have left at a pixel more."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return resample(image, size, "lanczos", whole(image.size))


def _format(facts: Facts, pipeline: Pipeline) -> str:
    return pipeline.output.format or WRITTEN_AS.get(facts.format, facts.format)


def _encoded(image: Image.Image, facts: Facts, pipeline: Pipeline) -> Preview:
    """The file as the finished result would be written, but for the search of a largest size."""
    name = _format(facts, pipeline)
    output = pipeline.output.model_copy(update={"max_bytes": None})
    written = encode([Picture(image, 0)], name, output, b"", 0)
    return Preview(written.data, name, image.width, image.height)


def _written(image: Image.Image, facts: Facts, pipeline: Pipeline) -> Preview:
    """The file: laid on its background where the result's format has no alpha."""
    spec = OUTPUT_FORMATS[_format(facts, pipeline)]
    image = fitted(image, spec.name, pipeline.output)
    buffer = io.BytesIO()
    if image.mode in ("L", "RGB"):
        name = "JPEG"
        image.save(buffer, name, quality=_QUALITY)
    elif spec.name == "WEBP":
        name = "WEBP"
        image.save(buffer, name, quality=_QUALITY, method=0)
    else:
        name = "PNG"
        image.save(buffer, name, compress_level=1)
    return Preview(buffer.getvalue(), name, image.width, image.height)
