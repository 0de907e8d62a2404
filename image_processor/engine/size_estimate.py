"""How large the file of a result will be: encode it, or pieces of its own pixels.

The bytes of a scaled-down copy say little about the file: reduced pixels are sharper, so each takes
more bytes. The steps therefore run at full size here, and only a slow encoder gets a part of the
pixels. A lossless format is always encoded whole, because its bytes depend on repetitions and
colours of the whole picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from image_processor.engine.errors import TooMuchMemory
from image_processor.engine.facts import Facts
from image_processor.engine.interruption import Checkpoint, Deadline, Watch, no_checkpoint
from image_processor.engine.limits import Limits
from image_processor.engine.pixels.alpha import flatten
from image_processor.engine.pixels.pieces import join, spread_boxes
from image_processor.engine.planning.estimate import steps_cost, writing_cost
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.plan import Plan
from image_processor.engine.planning.planner import plan
from image_processor.engine.reading.decode import Picture
from image_processor.engine.reading.metadata.kept import Metadata
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.render import draw
from image_processor.engine.writing.encode import MAX_ENCODES, encode, fit_to_format
from image_processor.engine.writing.options import AUTO, DEFAULT_QUALITY, Output
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from image_processor.engine.writing.pillow_writer import write

# A result with fewer pixels is encoded whole, so its size is exact.
_WHOLE_PIXELS = 1_000_000

# What takes more is not estimated, because a person waits: about four seconds of one processor, and
# memory that a worker has.
_MAX_COST = 30.0
_MAX_PEAK_BYTES = 500_000_000

# The work for a pixel, in units of a JPEG pixel: of noise in a GIF, of photographs in the others.
_LOSSLESS_COSTS = {"PNG": 18.0, "TIFF": 7.0, "GIF": 90.0, "WEBP": 50.0}

# Squares have few seams, and come from many places.
_SQUARE = (384, 384)
_SQUARE_PIXELS = 600_000
# Pieces do not represent a picture that has more than so many times as many details for each pixel.
_MAX_DENSITY = 2.0
# A block of a JPEG with colour at half its size. A source that was a JPEG takes another number of
# bytes on a grid of blocks that is not its own.
_BLOCK = 16


def has_estimate(facts: Facts, planned: Plan, output: Output) -> bool:
    """Whether `estimate_bytes` estimates: not for an animation, nor if it would take too long."""
    if planned.frames > 1 or planned.peak_bytes > _MAX_PEAK_BYTES:
        return False
    return steps_cost(facts, planned) + _encoding_cost(planned, output) <= _MAX_COST


def estimate_bytes(
    source: bytes,
    facts: Facts,
    pipeline: Pipeline,
    limits: Limits,
    *,
    overlays: Mapping[int, bytes] | None = None,
    checkpoint: Checkpoint = no_checkpoint,
    deadline: Deadline | None = None,
) -> int | None:
    """Estimate the size of the file that `render` would return for the same arguments.

    None if there is no estimate: see `has_estimate`, or if the details are where no piece is.
    Raises what `render` raises.
    """
    with Watch(checkpoint, deadline) as watch:
        files = {number: Overlay.read(file, limits) for number, file in (overlays or {}).items()}
        pipeline = pipeline.with_overlays(files)
        planned = plan(facts, pipeline, limits)
        if not has_estimate(facts, planned, pipeline.output):
            return None
        opened, (picture,), planned = draw(source, planned, facts, pipeline, limits, watch)
        writer = _Writer(planned.format, pipeline.output, opened.metadata, indexed=facts.indexed)
        watch.repeat()
        try:
            return writer.estimate(picture.image)
        except MemoryError as error:
            raise TooMuchMemory("Memory ran out while estimating a size.") from error


def _is_lossy(format_name: str, output: Output) -> bool:
    return OUTPUT_FORMATS[format_name].lossy and not output.lossless


def _searches(format_name: str, output: Output) -> bool:
    return _is_lossy(format_name, output) and output.searches_quality


def _is_written_whole(format_name: str, output: Output, pixels: int) -> bool:
    return (
        pixels <= _WHOLE_PIXELS
        or not _is_lossy(format_name, output)
        or format_name == "JPEG"  # which is quick
    )


def _encoding_cost(planned: Plan, output: Output) -> float:
    name, pixels = planned.format, planned.width * planned.height
    searches = _searches(name, output)
    if _is_written_whole(name, output, pixels):
        return _writing_cost(name, output, pixels * (MAX_ENCODES if searches else 1))
    if searches and output.quality == AUTO:
        return math.inf  # pieces lead to another quality, and the size is up to 23 % off
    # A limit of the file's size needs a second count, at the lowest quality. Flat pictures cost
    # half of others at most.
    counts = 2 if searches else 1
    return 1.5 * counts * (writing_cost("JPEG", pixels) + writing_cost(name, _SQUARE_PIXELS))


def _writing_cost(format_name: str, output: Output, pixels: int) -> float:
    if _is_lossy(format_name, output) or format_name not in _LOSSLESS_COSTS:
        return writing_cost(format_name, pixels)
    return writing_cost("JPEG", pixels) * _LOSSLESS_COSTS[format_name]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Encodes pictures as the result will be encoded."""

    format: str
    output: Output
    metadata: Metadata
    indexed: bool

    def estimate(self, image: Image.Image) -> int | None:
        """About how many bytes `encode` returns for `image`; exact if it is encoded whole.

        None if pieces of `image` do not represent it.
        """
        if _is_written_whole(self.format, self.output, image.width * image.height):
            picture, output = Picture(image, 0), self.output
            written = encode([picture], self.format, output, self.metadata, 0, indexed=self.indexed)
            return len(written.data)
        image = fit_to_format(image, self.format, self.output)
        quality = self.output.quality
        quality = quality if isinstance(quality, int) else DEFAULT_QUALITY
        size = self._scale_up(image, quality)
        limit = self.output.max_bytes
        if size is None or limit is None or size <= limit:
            return size
        # The search ends just below the limit, or at the lowest quality that is allowed.
        smallest = self._scale_up(image, self.output.min_quality)
        return None if smallest is None else max(limit, smallest)

    def _scale_up(self, image: Image.Image, quality: int) -> int | None:
        """Count the bytes of pieces of `image`, and conclude from them to the whole.

        Headers and metadata do not grow with the picture. What a flat picture takes grows with the
        pixels, and all else with the details.
        """
        sample = join(image, spread_boxes(image.size, _SQUARE, _SQUARE_PIXELS, _BLOCK))
        larger = image.width * image.height / (sample.width * sample.height)
        grown = _count_details(image, quality) / max(1, _count_details(sample, quality))
        if grown > larger * _MAX_DENSITY:
            return None
        fixed = self._count(_flat(image, (_BLOCK, _BLOCK)), quality)
        flat = self._count(_flat(image, sample.size), quality)
        details = self._count(sample, quality) - flat
        return round(fixed + max(0, flat - fixed) * larger + max(0, details * grown))

    def _count(self, image: Image.Image, quality: int) -> int:
        pictures = [Picture(image, 0)]
        return len(write(pictures, self.format, self.output, quality, self.metadata, 0))


def _count_details(image: Image.Image, quality: int) -> int:
    """The bytes that `image` takes as a JPEG beyond those of a flat picture of its size."""
    if image.mode in ("LA", "RGBA"):
        image = flatten(image, (255, 255, 255, 255), "RGB")
    with_details, flat = (
        len(write([Picture(picture, 0)], "JPEG", Output(), quality, Metadata(), 0))
        for picture in (image, _flat(image, image.size))
    )
    return with_details - flat


def _flat(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return Image.new(image.mode, size)
