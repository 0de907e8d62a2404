"""Memory and work of decoding, from numbers alone."""

from __future__ import annotations

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.reading.input_formats import INPUT_FORMATS

# The conversion of a pixel from a declared colour space; it is the dearest for HDR.
_COLOUR_WORK = 5.0
# A strip of a TIFF may be the whole picture. Its decoder then holds all samples, of which there may
# be six or which may have 16 bits, besides the pixels.
_WHOLE_STRIP = {"RGB": 10, "RGBA": 12, "CMYK": 12, "LAB": 12}


def reduced_frame(frame: Frame, scale: int) -> Frame:
    """`frame` at 1/`scale` of its size, rounded up as decoders do."""
    return frame.resized(-(-frame.width // scale), -(-frame.height // scale))


def decode_bytes(facts: Facts, first: Frame, scale: int) -> int:
    """Peak memory in bytes: the decoder's state, its pixels, and their conversion.

    `first` is the decoded frame at full size, `scale` the denominator of the decode scale.
    """
    pixels = reduced_frame(first, scale).pixels
    per_pixel = INPUT_FORMATS[facts.format].decode_bytes
    if per_pixel is not None:
        return pixels * per_pixel
    least = _WHOLE_STRIP.get(facts.mode, 0) if facts.format == "TIFF" else 0
    if first.has_alpha:
        return pixels * max(least, 18 if facts.icc_profile else 9)
    if facts.mode.startswith("I") or facts.mode == "F":
        return pixels * 15
    # The coefficients of a progressive file are held at full size: two bytes a sample.
    samples = {"L": 1, "CMYK": 4}.get(facts.mode, 3)
    coefficients = first.pixels * samples * 2 if facts.progressive else 0
    plain = facts.mode in ("L", "RGB") and not facts.icc_profile
    return pixels * max(least, 5 if plain else 9) + coefficients


def compose_bytes(facts: Facts, first: Frame) -> int:
    """Memory in bytes that the decoder of an animation keeps to compose its frames."""
    return 12 * first.pixels if facts.animated else 0


def decode_work(facts: Facts, first: Frame, scale: int) -> float:
    """Work in units of decoding one JPEG pixel.

    Entropy decoding reads every pixel at any scale; the rest shrinks with the scale's square.
    """
    decoding = first.pixels * INPUT_FORMATS[facts.format].decode_work * (0.6 + 0.4 / scale**2)
    return decoding + (_COLOUR_WORK * first.pixels if facts.colour else 0)
