"""The files that are measured: mosaics of a photograph, made anew for each run."""

from __future__ import annotations

import io

from PIL import Image

from benchmarks.main_job import photograph


def jpeg(width: int = 4000, height: int = 3000, *, progressive: bool = False) -> bytes:
    """A JPEG, quality 90, baseline unless asked for otherwise."""
    data = photograph(width, height)
    if not progressive:
        return data
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).save(buffer, "JPEG", quality=90, progressive=True)
    return buffer.getvalue()


def png(width: int = 6000, height: int = 4000) -> bytes:
    """The same mosaic as a PNG: 24 megapixels."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(photograph(width, height))).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def with_alpha(width: int, height: int) -> bytes:
    """The same mosaic as a PNG that grows transparent from the left to the right."""
    image = Image.open(io.BytesIO(photograph(width, height))).convert("RGB")
    image.putalpha(Image.linear_gradient("L").rotate(90).resize(image.size))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
