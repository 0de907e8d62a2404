"""The formats of sources: one declaration for each, which detection, checks and costs read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from image_processor.engine.optional_formats import EXTRAS
from image_processor.engine.reading import signature
from image_processor.engine.reading.colour.nclx import nclx_colour
from image_processor.engine.reading.colour.png_chunks import png_colour
from image_processor.engine.reading.colour.space import Declaration, undeclared
from image_processor.engine.reading.formats.avif.check import (
    check_avif,
    check_heic,
    hide_long_exif,
    repair_avif,
)
from image_processor.engine.reading.formats.bmp.check import check_bmp
from image_processor.engine.reading.formats.gif.check import check_gif, repair_gif
from image_processor.engine.reading.formats.jpeg.check import check_jpeg, repair_jpeg
from image_processor.engine.reading.formats.jxl import check_jxl
from image_processor.engine.reading.formats.png.check import check_png, repair_png
from image_processor.engine.reading.formats.structure import Structure
from image_processor.engine.reading.formats.tiff.check import check_tiff
from image_processor.engine.reading.formats.tiff.repair import repair_tiff
from image_processor.engine.reading.formats.webp import check_webp, declare_alpha


def unchanged(data: bytes) -> bytes:
    """The repair of a format whose codec opens every file that `check` accepts."""
    return data


@dataclass(frozen=True, slots=True)
class InputFormat:
    """One format of sources. Pillow, or a plugin of it, decodes the pixels.

    `matches` looks at the first bytes of a file. `check` walks the file's own structure: it
    refuses truncated and impossible files, which codecs accept, and reads only headers and lengths.
    `repair` gives the codec a file that it can open, where `check` accepted damage with a warning.
    `colour` reads the colour space that a file declares without an ICC profile.
    `decode_work` is the work of decoding a pixel, in units of a JPEG pixel. `decode_bytes` is the
    peak memory of decoding a pixel where the mode does not decide it. `optional` formats need a
    package that may be missing.
    """

    name: str
    content_type: str
    extension: str
    matches: Callable[[bytes], bool]
    check: Callable[[bytes], Structure]
    repair: Callable[[bytes], bytes] = unchanged
    colour: Callable[[bytes], Declaration] = undeclared
    written_as: str = ""
    decode_work: float = 1.0
    decode_bytes: int | None = None
    optional: bool = False

    @property
    def result_format(self) -> str:
        """The output format of a result whose request names none."""
        return self.written_as or self.name


# The decoder holds the whole picture with alpha, besides the pixels that it returns.
_WHOLE_RGBA = 21

_DECLARED = (
    InputFormat("JPEG", "image/jpeg", "jpg", signature.is_jpeg, check_jpeg, repair_jpeg),
    InputFormat(
        *("PNG", "image/png", "png", signature.is_png, check_png, repair_png),
        colour=png_colour,
        decode_work=2.5,
    ),
    InputFormat(
        *("WEBP", "image/webp", "webp", signature.is_webp, check_webp, declare_alpha),
        decode_work=2.5,
        decode_bytes=_WHOLE_RGBA,
    ),
    InputFormat(
        *("GIF", "image/gif", "gif", signature.is_gif, check_gif, repair_gif),
        decode_work=2.0,
        decode_bytes=_WHOLE_RGBA,
    ),
    InputFormat("TIFF", "image/tiff", "tif", signature.is_tiff, check_tiff, repair_tiff),
    InputFormat(
        *("AVIF", "image/avif", "avif", signature.is_avif, check_avif, repair_avif),
        colour=nclx_colour,
        decode_work=5.0,
        decode_bytes=_WHOLE_RGBA,
    ),
    InputFormat(
        *("BMP", "image/bmp", "bmp", signature.is_bmp, check_bmp),
        written_as="PNG",
        decode_work=0.5,
    ),
    # Several JPEGs in one file. It begins like one JPEG; the codec tells the two apart.
    InputFormat(
        *("MPO", "image/jpeg", "jpg", lambda data: False, check_jpeg, repair_jpeg),
        written_as="JPEG",
    ),
    InputFormat(
        *("HEIC", "image/heic", "heic", signature.is_heic, check_heic, hide_long_exif),
        colour=nclx_colour,
        decode_work=5.0,
        decode_bytes=_WHOLE_RGBA,
        optional=True,
    ),
    InputFormat(
        *("JXL", "image/jxl", "jxl", signature.is_jxl, check_jxl),
        decode_work=5.0,
        decode_bytes=_WHOLE_RGBA,
        optional=True,
    ),
)

# Every declared format, also one whose package is missing: stored images may have it.
INPUT_FORMATS: dict[str, InputFormat] = {known.name: known for known in _DECLARED}


def readable_formats() -> list[str]:
    """The names of the formats that this installation reads."""
    return [
        known.name for known in INPUT_FORMATS.values() if known.name in EXTRAS or not known.optional
    ]


def detect_format(data: bytes) -> InputFormat | None:
    """The readable format that the first bytes of a file announce, or None."""
    readable = (INPUT_FORMATS[name] for name in readable_formats())
    return next((known for known in readable if known.matches(data)), None)
