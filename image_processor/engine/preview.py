"""A quick preview of a pipeline's result: its steps on a reduced copy of the source.

Each step has two frames: that of the full image, which decides what is possible and where things
lie, and that of the reduced image. An animation is previewed by its first frame.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from image_processor.engine.errors import TooMuchMemory
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.interruption import Checkpoint, Deadline, Watch, no_checkpoint
from image_processor.engine.limits import Limits
from image_processor.engine.operations.reduction import reduce_operation, reduction_scale
from image_processor.engine.pixels.fused_geometry import Geometry, Scale
from image_processor.engine.pixels.resample import full_box, resample
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.preview_plan import PreviewPlan
from image_processor.engine.planning.preview_scale import PREVIEW_SIDE, enlargement
from image_processor.engine.planning.steps import Step, plan_pipeline, replan_steps
from image_processor.engine.reading.decode import Picture, open_source
from image_processor.engine.reading.metadata.kept import Metadata
from image_processor.engine.reading.orientation import as_stored
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.reading.working_mode import working_frame
from image_processor.engine.writing.encode import encode, fit_to_format
from image_processor.engine.writing.output_formats import output_format

# A JPEG may be decoded at a scale that leaves slightly fewer pixels than needed: a picture of 4000
# pixels at a quarter, for a preview of 1000 instead of 1024. The decoder averages as well as
# resampling does, and twice the sides would take a third of the time more.
_ENOUGH = 0.97
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Preview:
    """The file of a preview: JPEG, PNG or WebP, or in the format of the result if encoded."""

    data: bytes
    format: str
    width: int
    height: int


def preview(
    source: bytes,
    given: Facts,
    facts: Facts,
    pipeline: Pipeline,
    limits: Limits,
    *,
    planned: PreviewPlan | None = None,
    overlays: Mapping[int, bytes] | None = None,
    longest: int = PREVIEW_SIDE,
    encoded: bool = False,
    checkpoint: Checkpoint = no_checkpoint,
    deadline: Deadline | None = None,
) -> Preview:
    """Preview what `pipeline` makes of an image of these `facts`, at most `longest` pixels a side.

    `source` is the image or a reduced copy of it, and `given` are the facts of that file. With
    `encoded` the preview has the format and quality of the result, which takes longer and shows
    compression artefacts. `planned` is the plan of this preview, if its steps have been planned
    before. Raises what `render` raises; `checkpoint` and `deadline` are as there.
    """
    files = {number: Overlay.read(file, limits) for number, file in (overlays or {}).items()}
    pipeline = pipeline.with_overlays(files)
    with Watch(checkpoint, deadline) as watch:
        watch(0.0)
        if planned is None:
            steps = plan_pipeline(working_frame(facts), pipeline, limits)
            planned = PreviewPlan.of(facts, steps, longest)
        first, scales = planned.frames[0], planned.scales
        try:
            image = _open_at_scale(source, given, first, scales[0])
            image = _apply_steps(image, first, planned.steps(pipeline), scales[1:], limits, watch)
        except MemoryError as error:
            raise TooMuchMemory("Memory ran out in a preview.") from error
        watch(0.9)
        write = _write_as_result if encoded else _write_quickly
        return write(_shrink_to(image, longest), facts, pipeline)


def _open_at_scale(source: bytes, given: Facts, full: Frame, scale: float) -> Image.Image:
    """The source, upright, in the mode of `full`, at `scale` or at its own scale if smaller."""
    here = working_frame(given)
    scale = min(scale, here.width / full.width)
    width, height = max(1, round(full.width * scale)), max(1, round(full.height * scale))
    size = min(width, here.width), min(height, here.height)
    decode_scale = _decode_scale(given, size)
    decoded = -(-here.width // decode_scale), -(-here.height // decode_scale)
    if all(abs(side - wanted) <= 1 for side, wanted in zip(decoded, size, strict=True)):
        size = decoded  # resampling by one pixel would only soften the image
    stored, upright = as_stored(given, here)
    opened = open_source(source, replace(given, frames=1), stored, decode_scale, 1, "strip")
    (picture,) = opened.pictures()
    geometry = Geometry.of(stored.width, stored.height, upright)
    if size != here.size:
        geometry = geometry.then(Scale(size, full_box(here.size), "lanczos")) or geometry
    image = geometry.apply(picture.image)
    return image if image.mode == full.mode else image.convert(full.mode)


def _decode_scale(facts: Facts, size: tuple[int, int]) -> int:
    if facts.format not in ("JPEG", "MPO"):
        return 1
    shrink = min(facts.width / size[0], facts.height / size[1])
    return next((scale for scale in (8, 4, 2) if shrink >= _ENOUGH * scale), 1)


def _apply_steps(
    image: Image.Image,
    full: Frame,
    steps: Sequence[Step],
    scales: Sequence[float],
    limits: Limits,
    watch: Watch,
) -> Image.Image:
    """Apply `steps` to `image`, a reduced copy of `full`; `scales` holds the scale after each."""
    for number, wanted in enumerate(scales):
        watch(0.9 * (number + 1) / (len(scales) + 1))
        if steps[number].before != full:  # planned before the size was known
            steps = [*steps[:number], *replan_steps(full, steps[number:], limits)]
        step = steps[number]
        after = step.after
        real = Frame.of(image)
        have = reduction_scale(full, real)
        # The copy is not enlarged beyond its own pixels, because that would show nothing new.
        scale = min(wanted, have / min(1.0, enlargement(step)))
        target = max(1, round(after.width * scale)), max(1, round(after.height * scale))
        image = reduce_operation(step.operation, full, real, target).apply(image)
        if not after.exact:
            size = max(1, round(image.width / have)), max(1, round(image.height / have))
            after = replace(after.resized(*size), exact=True)
        full = after
    return image


def _shrink_to(image: Image.Image, longest: int) -> Image.Image:
    """`image` with no side above `longest`; rounding may have left a pixel too many."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return resample(image, size, "lanczos", full_box(image.size))


def _write_as_result(image: Image.Image, facts: Facts, pipeline: Pipeline) -> Preview:
    """The file as the result would be written, without the search for `max_bytes`."""
    name = output_format(pipeline.output.format, facts.format).name
    output = pipeline.output.model_copy(update={"max_bytes": None})
    written = encode([Picture(image, 0)], name, output, Metadata(), 0, indexed=facts.indexed)
    return Preview(written.data, name, image.width, image.height)


def _write_quickly(image: Image.Image, facts: Facts, pipeline: Pipeline) -> Preview:
    """A file that is quick to write, flattened if the format of the result has no alpha."""
    name = output_format(pipeline.output.format, facts.format).name
    image = fit_to_format(image, name, pipeline.output)
    buffer = io.BytesIO()
    if image.mode in ("L", "RGB"):
        name = "JPEG"
        image.save(buffer, name, quality=_QUALITY)
    elif name == "WEBP":
        image.save(buffer, name, quality=_QUALITY, method=0)
    else:
        name = "PNG"
        image.save(buffer, name, compress_level=1)
    return Preview(buffer.getvalue(), name, image.width, image.height)
