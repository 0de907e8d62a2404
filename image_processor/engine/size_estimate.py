"""How large the file of a result will be: encode it, or pieces of it if that takes too long.

The bytes of a scaled-down copy say little about the file: reduced pixels are sharper, so each takes
more bytes. The steps therefore run at full size here. Only a slow encoder gets a part of the
pixels, and only a lossy one: lossless encoders look for repetitions, which pieces tear apart.
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

# A result is encoded as it is, so that its size is exact, if it has few pixels or its encoder takes
# few seconds.
_WHOLE_PIXELS = 1_000_000
_WHOLE_SECONDS = 2.0
# Seconds of a processor for a megapixel of a photograph. Those of HEIC and JPEG XL are like AVIF's.
_SECONDS = {"JPEG": 0.03, "TIFF": 0.07, "WEBP": 0.12, "PNG": 0.25, "GIF": 0.4, "AVIF": 0.8}
_LOSSLESS_SECONDS = 0.7  # of WebP and the like

# What takes more is not estimated, because a person waits: about four seconds of one processor, and
# memory that a worker has.
_MAX_COST = 30.0
_MAX_PEAK_BYTES = 500_000_000

# Squares for encoders that predict a pixel from its neighbours: few seams, many places.
_SQUARE = (384, 384)
_SQUARE_PIXELS = 600_000
# How many times as detailed as the squares, for each pixel, the whole may be: else they do not
# represent it, and there is no estimate.
_MOST_UNEVEN = 1.5
# A block of a JPEG with colour at half its size. A source that was a JPEG takes another number of
# bytes on a grid of blocks that is not its own.
_BLOCK = 16
_CORNER = (0, 0, _BLOCK, _BLOCK)


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

    None if there is no estimate (see `has_estimate`). Raises what `render` raises.
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


def _searches(format_name: str, output: Output) -> bool:
    return OUTPUT_FORMATS[format_name].lossy and not output.lossless and output.searches_quality


def _is_lossless(format_name: str, output: Output) -> bool:
    return not OUTPUT_FORMATS[format_name].lossy or output.lossless


def _is_written_whole(format_name: str, output: Output, pixels: int) -> bool:
    if pixels <= _WHOLE_PIXELS or format_name == "JPEG":
        return True
    seconds = pixels / 1_000_000 * _seconds_per_megapixel(format_name, output)
    encodes = MAX_ENCODES if _searches(format_name, output) else 1
    return seconds * encodes <= _WHOLE_SECONDS


def _seconds_per_megapixel(format_name: str, output: Output) -> float:
    if OUTPUT_FORMATS[format_name].lossy and output.lossless:
        return _LOSSLESS_SECONDS
    return _SECONDS.get(format_name, _SECONDS["AVIF"])


def _encoding_cost(planned: Plan, output: Output) -> float:
    name, pixels = planned.format, planned.width * planned.height
    searches = _searches(name, output)
    if _is_written_whole(name, output, pixels):
        return writing_cost(name, pixels * (MAX_ENCODES if searches else 1))
    if _is_lossless(name, output):
        return math.inf  # strips of a screenshot or of a gradient lead to a size up to 45 % off
    if searches and output.quality == AUTO:
        return math.inf  # pieces lead to another quality, and the size is up to 23 % off
    # A limit of the file's size needs a second count, at the lowest quality.
    counts = 2 if searches else 1
    return writing_cost("JPEG", pixels * counts) + writing_cost(name, _SQUARE_PIXELS * counts)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Encodes pictures as the result will be encoded."""

    format: str
    output: Output
    metadata: Metadata
    indexed: bool

    def estimate(self, image: Image.Image) -> int | None:
        """How many bytes `encode` returns for `image`; about as many if pieces are encoded.

        None if the pieces do not represent the whole.
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
        lowest = self._scale_up(image, self.output.min_quality)
        return None if lowest is None else max(limit, lowest)

    def _scale_up(self, image: Image.Image, quality: int) -> int | None:
        """Count the bytes of squares of `image`, and conclude from them to the whole."""
        # Headers and metadata do not grow with the picture.
        fixed = len(self._write(image.crop(_CORNER), quality))
        squares = join(image, spread_boxes(image.size, _SQUARE, _SQUARE_PIXELS, _BLOCK))
        grown = _compare_details(image, squares, quality)
        uneven = grown * squares.width * squares.height / (image.width * image.height)
        if not 1 / _MOST_UNEVEN <= uneven <= _MOST_UNEVEN:
            return None
        return round(fixed + max(0, len(self._write(squares, quality)) - fixed) * grown)

    def _write(self, image: Image.Image, quality: int) -> bytes:
        return write([Picture(image, 0)], self.format, self.output, quality, self.metadata, 0)


def _compare_details(image: Image.Image, sample: Image.Image, quality: int) -> float:
    """How many times as many details as `sample` the whole `image` has: the bytes of JPEGs."""

    def count(picture: Image.Image) -> int:
        if picture.mode in ("LA", "RGBA"):
            picture = flatten(picture, (255, 255, 255, 255), "RGB")
        return len(write([Picture(picture, 0)], "JPEG", Output(), quality, Metadata(), 0))

    fixed = count(image.crop(_CORNER))
    return (count(image) - fixed) / max(1, count(sample) - fixed)
