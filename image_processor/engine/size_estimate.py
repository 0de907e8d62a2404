"""How large the file of a result will be: encode a sample of the result's own pixels.

The bytes of a scaled-down copy say little about the file: reduced pixels are sharper, so each takes
more bytes. The steps therefore run at full size here, and only the encoder, which takes longest,
gets a part of the pixels: pieces from all over the picture, joined to a smaller one.
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
from image_processor.engine.planning.estimate import steps_cost
from image_processor.engine.planning.pipeline import Pipeline
from image_processor.engine.planning.planner import plan
from image_processor.engine.reading.decode import Picture
from image_processor.engine.reading.metadata.kept import Metadata
from image_processor.engine.reading.overlay_source import Overlay
from image_processor.engine.render import draw
from image_processor.engine.writing.encode import encode, fit_to_format
from image_processor.engine.writing.options import Output
from image_processor.engine.writing.palette import with_palette
from image_processor.engine.writing.pillow_writer import to_palette

# A result with fewer pixels is encoded as it is, so its size is exact.
_WHOLE_PIXELS = 1_600_000
_SAMPLE_PIXELS = 1_200_000

# What takes more is not estimated, because a person waits: about a second, and memory that a worker
# for previews has.
_MAX_COST = 12.0
_MAX_PEAK_BYTES = 500_000_000

# These encoders predict a pixel from its neighbours, so the seams between pieces cost bytes.
_PREDICTED = {"WEBP", "AVIF", "HEIC", "JXL"}
_BLOCK = 16  # a block of a JPEG with colour at half its size, in pixels
_TILE = (512, _BLOCK)
_PREDICTED_TILE = (256, 4 * _BLOCK)
# For encoders that look for repetitions in the rows above, pieces are as wide as the picture.
_REPEATING = {"PNG", "GIF", "TIFF", "BMP"}
# Fractions of their multiples are spread evenly, at any number of pieces.
_GOLDEN, _SILVER = 0.618034, 0.414214


@dataclass(frozen=True, slots=True)
class _Writer:
    """Encodes samples as the result will be encoded."""

    format: str
    output: Output
    metadata: Metadata

    def count(self, image: Image.Image) -> int:
        picture = Picture(image.copy(), 0)
        return len(encode([picture], self.format, self.output, self.metadata, 0).data)


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

    None for an animation, and for work that would take too long here. Raises what `render` raises.
    """
    with Watch(checkpoint, deadline) as watch:
        files = {number: Overlay.read(file, limits) for number, file in (overlays or {}).items()}
        pipeline = pipeline.with_overlays(files)
        planned = plan(facts, pipeline, limits)
        if planned.frames > 1 or planned.peak_bytes > _MAX_PEAK_BYTES:
            return None
        if steps_cost(facts, planned) > _MAX_COST:
            return None
        opened, (picture,), planned = draw(source, planned, facts, pipeline, limits, watch)
        limit = pipeline.output.max_bytes
        output = pipeline.output.model_copy(update={"max_bytes": None})
        image = fit_to_format(picture.image, planned.format, output)
        # A palette is chosen for the picture as a whole.
        if planned.format == "GIF":
            image = to_palette(image)
        elif facts.indexed and planned.format == "PNG":
            image = with_palette(image)
        writer = _Writer(planned.format, output, opened.metadata)
        try:
            estimated = _estimate(image, writer)
        except MemoryError as error:
            raise TooMuchMemory("Memory ran out while estimating a size.") from error
        return estimated if limit is None else min(estimated, limit)


def _estimate(image: Image.Image, writer: _Writer) -> int:
    pixels = image.width * image.height
    if pixels <= _WHOLE_PIXELS:
        return writer.count(image)
    # Headers and metadata do not grow with the picture.
    fixed = writer.count(image.crop((0, 0, 16, 16)))
    if writer.format in _PREDICTED:
        width, height = _PREDICTED_TILE
        sample = _tiles(image, min(width, image.width), height)
        # The same pixels with twice as many seams show what the seams cost.
        taken = 2 * writer.count(sample) - writer.count(_interleave(sample, height // 2))
    else:
        width = image.width if writer.format in _REPEATING else min(_TILE[0], image.width)
        sample = _tiles(image, width, _TILE[1])
        taken = writer.count(sample)
    grown = pixels / (sample.width * sample.height)
    return round(fixed + max(0, taken - fixed) * grown)


def _tiles(image: Image.Image, width: int, height: int) -> Image.Image:
    """Pieces of this size from all over `image`, one below the other.

    Each lies somewhere in its own cell of a grid, since pieces at equal distances might hit the
    same part of every repetition of a pattern.
    """
    wanted = max(1, _SAMPLE_PIXELS // (width * height))
    shape = image.width / image.height
    columns = min(image.width // width, max(1, round(math.sqrt(wanted * shape))))
    rows = min(image.height // height, max(1, wanted // columns))
    sample = image.resize((width, rows * columns * height), box=(0, 0, 1, 1))
    for number in range(rows * columns):
        row, column = divmod(number, columns)
        top = _place(row, rows, image.height, height, number * _GOLDEN)
        left = _place(column, columns, image.width, width, number * _SILVER)
        piece = image.crop((left, top, left + width, top + height))
        sample.paste(piece, (0, number * height))
    return sample


def _place(cell: int, cells: int, length: int, piece: int, shift: float) -> int:
    """Where a piece starts in its cell; only the fraction of `shift` counts.

    On multiples of the block, because a source that was a JPEG takes another number of bytes on a
    grid of blocks that is not its own.
    """
    room = length / cells - piece
    start = round(cell * length / cells + max(0.0, room) * (shift % 1))
    return min(length - piece, start) // _BLOCK * _BLOCK


def _interleave(image: Image.Image, height: int) -> Image.Image:
    """The strips of `image`: first all with even numbers, then all with odd numbers."""
    strips = range(image.height // height)
    mixed = image.copy()
    for place, strip in enumerate([*strips[::2], *strips[1::2]]):
        piece = image.crop((0, strip * height, image.width, (strip + 1) * height))
        mixed.paste(piece, (0, place * height))
    return mixed
