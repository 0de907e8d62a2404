"""Structural checks: whether a file contains everything that its own structure announces.

The checks read headers and lengths only. They refuse truncated files, which codecs accept, and
find damage that codecs would find only while decoding.
"""

from __future__ import annotations

from collections.abc import Callable

from image_processor.engine.reading.integrity.avif import check_avif, check_heic
from image_processor.engine.reading.integrity.bmp import check_bmp
from image_processor.engine.reading.integrity.gif import check_gif
from image_processor.engine.reading.integrity.jpeg import check_jpeg
from image_processor.engine.reading.integrity.jxl import check_jxl
from image_processor.engine.reading.integrity.png import check_png
from image_processor.engine.reading.integrity.structure import Structure
from image_processor.engine.reading.integrity.tiff import check_tiff
from image_processor.engine.reading.integrity.webp import check_webp

_CHECKS: dict[str, Callable[[bytes], Structure]] = {
    "JPEG": check_jpeg,
    "PNG": check_png,
    "GIF": check_gif,
    "WEBP": check_webp,
    "TIFF": check_tiff,
    "AVIF": check_avif,
    "HEIC": check_heic,
    "JXL": check_jxl,
    "BMP": check_bmp,
}


def check_structure(data: bytes, format_name: str) -> Structure:
    """Check the structure of `data`. Raises InvalidImage if a part is missing or impossible."""
    return _CHECKS[format_name](data)


__all__ = ["Structure", "check_structure"]
