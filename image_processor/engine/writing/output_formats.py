"""The formats of results: names, capabilities, and the cost of encoding."""

from __future__ import annotations

from dataclasses import dataclass

from image_processor.engine.optional_formats import EXTRAS
from image_processor.engine.pixels.structural_similarity import SAMPLED_PIXELS
from image_processor.engine.reading.input_formats import INPUT_FORMATS, InputFormat


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """One format: what it can hold, and what encoding takes.

    `max_side` is the format's own limit in pixels. `lossy`: the format has a quality setting.
    `encode_cost` is the work of writing a pixel, in units of a JPEG pixel, and `lossless_cost` that
    of lossless encoding, if it differs; `benchmarks.engine` measures both. `encode_bytes` is the
    peak memory per pixel of a grainy photograph, including the picture itself, without and with
    alpha. `lossless_bytes` is the same for lossless encoding, if that takes more. `encode_base`
    is memory that does not depend on the size; `lossless_base` comes on top of it.
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
    lossless_cost: float | None = None

    def work(self, pixels: float, *, lossless: bool) -> float:
        """The work of writing `pixels` once, in units of a JPEG pixel."""
        cost = self.lossless_cost if lossless else None
        return pixels * (cost or self.encode_cost)

    def peak(self, pixels: int, *, alpha: bool, lossless: bool, auto: bool = False) -> int:
        """Peak memory in bytes of writing `pixels`; with `auto` the quality is searched."""
        lossless_bytes = self.lossless_bytes if lossless else None
        per_pixel = (lossless_bytes or self.encode_bytes)[alpha]
        searching = auto and self.lossy and not lossless
        compared = min(pixels, SAMPLED_PIXELS) * _COMPARED_BYTES if searching else 0
        base = self.encode_base + (self.lossless_base if lossless else 0)
        return pixels * per_pixel + base + compared


# Memory for comparing two pictures, per compared pixel, on top of encoding.
_COMPARED_BYTES = 14

_WEBP_LOSSLESS = (48, 56)
# The search for repeated pixels takes this much even for small pictures.
_WEBP_LOSSLESS_BASE = 32_000_000
# The table in which colours are counted.
_GIF_BASE = 28_000_000
# The threads of the encoder.
_HEIC_BASE = 16_000_000

_OPTIONAL = (
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
        OutputFormat("PNG", "image/png", "png", True, True, False, True, 65_535, 12, (7, 17)),
        OutputFormat(
            *("WEBP", "image/webp", "webp", True, True, True, True, 16_383, 5, (25, 56)),
            lossless_bytes=_WEBP_LOSSLESS,
            lossless_base=_WEBP_LOSSLESS_BASE,
            lossless_cost=40,
        ),
        OutputFormat(
            *("GIF", "image/gif", "gif", True, True, False, False, 65_535, 4, (18, 31)),
            encode_base=_GIF_BASE,
        ),
        OutputFormat("TIFF", "image/tiff", "tif", True, False, False, True, 65_535, 5, (7, 17)),
        OutputFormat("AVIF", "image/avif", "avif", True, False, True, False, 65_535, 30, (31, 40)),
        *(spec for spec in _OPTIONAL if spec.name in EXTRAS),
    )
}

ALIASES = {"JPG": "JPEG", "TIF": "TIFF"} | ({"HEIF": "HEIC"} if "HEIC" in EXTRAS else {})


def canonical_name(name: str) -> str | None:
    """The upper-case name of an output format (`jpg` gives `JPEG`); None for an unknown one."""
    upper = name.upper()
    upper = ALIASES.get(upper, upper)
    return upper if upper in OUTPUT_FORMATS else None


def output_format(wanted: str | None, source: str) -> OutputFormat:
    """The format to write: `wanted`, or by default the result format of the source's format."""
    return OUTPUT_FORMATS[wanted or INPUT_FORMATS[source].result_format]


def content_type(name: str) -> str:
    """The media type of a format, by its upper-case name. Raises KeyError for an unknown one."""
    return _named(name).content_type


def extension(name: str) -> str:
    """The usual file extension of a format, without the dot. Raises KeyError for an unknown one."""
    return _named(name).extension


def extension_of(content_type: str) -> str:
    """The usual file extension of a media type; `bin` for an unknown one."""
    known: tuple[OutputFormat | InputFormat, ...]
    known = (*OUTPUT_FORMATS.values(), *INPUT_FORMATS.values())
    return next((spec.extension for spec in known if spec.content_type == content_type), "bin")


def _named(name: str) -> OutputFormat | InputFormat:
    return OUTPUT_FORMATS.get(name) or INPUT_FORMATS[name]
