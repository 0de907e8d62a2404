"""Every bound that `inspect` and `plan` enforce, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from image_processor.engine.reading.extras import EXTRAS

INPUT_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP", "MPO", *EXTRAS)


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes or pixels; `max_pixels` counts width x height x frames.

    `max_cost` is in units of a plan's `cost`.
    """

    max_file_bytes: int = 50 * 1024 * 1024
    max_side: int = 10_000
    min_side: int = 1
    max_pixels: int = 50_000_000
    max_frames: int = 1_000
    max_output_side: int = 16_384
    max_memory_bytes: int = 1024 * 1024 * 1024
    # About 40 seconds of one core: a slower or busier machine has room for several times that
    # before a job is ended for taking too long.
    max_cost: float = 1_000
    formats: tuple[str, ...] = INPUT_FORMATS
