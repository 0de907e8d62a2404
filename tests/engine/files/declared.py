"""Small files that declare their colours without an ICC profile."""

from __future__ import annotations

import struct

from PIL import Image

from tests.engine.builders import encoded, image_of, opened, run, step
from tests.engine.files.profiles import SRGB_PRIMARIES, matrix_profile
from tests.engine.hostile import png_chunk

Colour = tuple[int, int, int]

RED: Colour = (200, 50, 50)
LINEAR_PROFILE = matrix_profile("linear", SRGB_PRIMARIES, [1.0])

P3 = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
SRGB = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)


def gamma(value: int) -> bytes:
    """A gAMA chunk, in units of 1/100,000."""
    return png_chunk(b"gAMA", struct.pack(">I", value))


def chromaticities(values: tuple[float, ...]) -> bytes:
    return png_chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values)))


def srgb(intent: int = 0) -> bytes:
    return png_chunk(b"sRGB", bytes([intent]))


def cicp(primaries: int, transfer: int, matrix: int = 0, full_range: int = 1) -> bytes:
    return png_chunk(b"cICP", bytes([primaries, transfer, matrix, full_range]))


def brightest(light: int) -> bytes:
    """A cLLI chunk: the brightest pixel in cd/m²."""
    return png_chunk(b"cLLI", struct.pack(">II", light * 10_000, 0))


def mastered_at(light: int) -> bytes:
    """An mDCV chunk: the brightest light of the mastering display in cd/m²."""
    return png_chunk(b"mDCV", struct.pack(">8HII", *(0,) * 8, light * 10_000, 0))


def after_header(png: bytes, *chunks: bytes) -> bytes:
    """`png` with more chunks behind its header."""
    return png[:33] + b"".join(chunks) + png[33:]


def declared_png(image: Image.Image, *chunks: bytes, **options: object) -> bytes:
    return after_header(encoded(image, "PNG", **options), *chunks)


def declared_avif(image: Image.Image, primaries: int, transfer: int, **options: object) -> bytes:
    """An AVIF of high quality whose `nclx` box has these codes."""
    data = encoded(image, "AVIF", quality=100, subsampling="4:4:4", **options)
    return with_codes(data, primaries, transfer)


def with_codes(data: bytes, primaries: int, transfer: int) -> bytes:
    """An AVIF or HEIC with other codes in its `nclx` box."""
    at = data.index(b"nclx") + 4
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def gray(level: int) -> Colour:
    return level, level, level


def flat(colour: Colour, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (16, 12), colour)
    return image.quantize(4) if mode == "P" else image.convert(mode)


def shown(data: bytes) -> Colour:
    """The colour of a result in the middle, and no warning."""
    result = run(data, step("flip"), format="png")
    assert result.warnings == []
    assert "icc_profile" not in opened(result.data).info
    return image_of(result).convert("RGB").getpixel((8, 6))  # type: ignore[return-value]
