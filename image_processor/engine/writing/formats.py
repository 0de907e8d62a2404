"""The formats that can be read and written, and what each can hold."""

from __future__ import annotations

from dataclasses import dataclass

from image_processor.engine.pixels.structural_similarity import SAMPLED_PIXELS
from image_processor.engine.reading.extras import EXTRAS


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """What one format can hold.

    `max_side` is the format's own bound in pixels. `lossy`: a quality setting means something.
    `encode_cost`: the work of writing a pixel, in units of JPEG's. `encode_bytes`: memory at
    the peak per pixel of a grainy photograph, the picture itself counted, without and with
    alpha; `lossless_bytes`: the same where it is written lossless, if that takes more.
    `encode_base`: memory that takes no notice of the size; `lossless_base`: more of it.
    """

    name: str
    content_type: str
    extension: str
    alpha: bool
    animation: bool
    lossy: bool
    lossless: bool
    max_side: int
    encode_cost: float
    encode_bytes: tuple[int, int]
    lossless_bytes: tuple[int, int] | None = None
    encode_base: int = 0
    lossless_base: int = 0

    def peak(self, pixels: int, *, alpha: bool, lossless: bool, auto: bool = False) -> int:
        """The most bytes held while so many pixels are written; `auto`: the quality is searched."""
        lossless_bytes = self.lossless_bytes if lossless else None
        per_pixel = (lossless_bytes or self.encode_bytes)[alpha]
        searching = auto and self.lossy and not lossless
        compared = min(pixels, SAMPLED_PIXELS) * _COMPARED_BYTES if searching else 0
        base = self.encode_base + (self.lossless_base if lossless else 0)
        return pixels * per_pixel + base + compared


# A pixel of which two pictures are compared, beyond what writing takes.
_COMPARED_BYTES = 14

_WEBP_LOSSLESS = (48, 56)
# Searching for pixels to copy takes that much of a small picture already.
_WEBP_LOSSLESS_BASE = 32_000_000
# Counting colours takes a table of them.
_GIF_BASE = 28_000_000
# The threads of its encoder.
_HEIC_BASE = 16_000_000

_EXTRA = (
    OutputFormat(
        *("HEIC", "image/heic", "heic", True, False, True, False, 16_384, 30, (40, 56)),
        encode_base=_HEIC_BASE,
    ),
    OutputFormat("JXL", "image/jxl", "jxl", True, False, True, True, 65_535, 20, (72, 84)),
)

OUTPUT_FORMATS: dict[str, OutputFormat] = {
    spec.name: spec
    for spec in (
        OutputFormat("JPEG", "image/jpeg", "jpg", False, False, True, False, 65_500, 1, (15, 18)),
        OutputFormat("PNG", "image/png", "png", True, True, False, True, 65_535, 4, (7, 17)),
        OutputFormat(
            *("WEBP", "image/webp", "webp", True, True, True, True, 16_383, 5, (25, 56)),
            lossless_bytes=_WEBP_LOSSLESS,
            lossless_base=_WEBP_LOSSLESS_BASE,
        ),
        OutputFormat(
            *("GIF", "image/gif", "gif", True, True, False, False, 65_535, 6, (18, 31)),
            encode_base=_GIF_BASE,
        ),
        OutputFormat("TIFF", "image/tiff", "tif", True, False, False, True, 65_535, 3, (7, 17)),
        OutputFormat("AVIF", "image/avif", "avif", True, False, True, False, 65_535, 30, (31, 40)),
        *(spec for spec in _EXTRA if spec.name in EXTRAS),
    )
}

ALIASES = {"JPG": "JPEG", "TIF": "TIFF"} | ({"HEIF": "HEIC"} if "HEIC" in EXTRAS else {})

# What a result is written in when the source's own format is not one of the above.
WRITTEN_AS = {"MPO": "JPEG", "BMP": "PNG"}

_INPUT_ONLY = {"MPO": ("image/jpeg", "jpg"), "BMP": ("image/bmp", "bmp")}


def canonical_name(name: str) -> str | None:
    """The upper-case name of an output format (`jpg` gives `JPEG`), or None if unknown."""
    upper = name.upper()
    upper = ALIASES.get(upper, upper)
    return upper if upper in OUTPUT_FORMATS else None


def content_type(name: str) -> str:
    """The media type of a format's upper-case name. Raises KeyError for an unknown one."""
    return OUTPUT_FORMATS[name].content_type if name in OUTPUT_FORMATS else _INPUT_ONLY[name][0]


def extension(name: str) -> str:
    """The usual file extension without the dot. Raises KeyError for an unknown one."""
    return OUTPUT_FORMATS[name].extension if name in OUTPUT_FORMATS else _INPUT_ONLY[name][1]


def extension_of(content_type: str) -> str:
    """The usual file extension of a media type that we store; `bin` for an unknown one."""
    known = {spec.content_type: spec.extension for spec in OUTPUT_FORMATS.values()}
    return (known | dict(_INPUT_ONLY.values())).get(content_type, "bin")
