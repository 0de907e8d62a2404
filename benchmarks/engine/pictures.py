"""The source files of the benchmarks: mosaics of a photograph."""

from __future__ import annotations

import io

from PIL import Image

from benchmarks.main_job import photograph


def jpeg(width: int = 4000, height: int = 3000, *, progressive: bool = False) -> bytes:
    """Make a JPEG of quality 90, baseline or progressive."""
    data = photograph(width, height)
    if not progressive:
        return data
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).save(buffer, "JPEG", quality=90, progressive=True)
    return buffer.getvalue()


def png(width: int = 6000, height: int = 4000) -> bytes:
    """Make the same mosaic as a PNG, by default of 24 megapixels."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(photograph(width, height))).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def with_alpha(width: int, height: int) -> bytes:
    """Make the same mosaic as a PNG that gets more transparent from left to right."""
    image = Image.open(io.BytesIO(photograph(width, height))).convert("RGB")
    image.putalpha(Image.linear_gradient("L").rotate(90).resize(image.size))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
