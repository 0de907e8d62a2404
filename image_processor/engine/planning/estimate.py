"""How much memory and work a plan takes, from numbers alone."""

from __future__ import annotations

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.planning.fusion import Stage
from image_processor.engine.writing.formats import OutputFormat

# The work of decoding one pixel by source format, in units of a JPEG's.
_DECODE_COST = {
    "PNG": 2.5,
    "WEBP": 2.5,
    "AVIF": 5.0,
    "HEIC": 5.0,
    "JXL": 5.0,
    "GIF": 2.0,
    "TIFF": 1.0,
    "BMP": 0.5,
}

# 12 megapixels of JPEG to 800x600 is 1.0: what its plan sums up to.
_COST_UNIT = 9_500_000.0

_OVERHEAD_BYTES = 8_000_000

# Bytes a pixel that each frame of a written animation takes until the end: the picture, the
# writer's own copy of it, and what it has been compressed to.
_KEPT_BYTES = {"PNG": 12, "GIF": 7, "WEBP": 8}

# What a frame takes however few pixels it has: measured up to 2.4 kB and 0.25 ms.
_FRAME_BYTES = 4_000
_FRAME_WORK = 60_000


def peak_bytes(
    facts: Facts,
    first: Frame,
    stages: tuple[Stage, ...],
    written: OutputFormat,
    frames: int,
    scale: int,
    *,
    lossless: bool = False,
    auto: bool = False,
) -> int:
    """The most memory held at any moment: decoding, each step, or writing.

    `lossless`, `auto`: how it is written; the latter with a quality that is searched.
    """
    peaks = [_decode_bytes(facts, first, scale)]
    composing = 12 * first.pixels if facts.animated else 0
    for stage in stages:
        before = _reduced(stage.before, scale)
        scale = 1 if stage.resamples else scale
        peaks.append(stage.peak(before, _reduced(stage.after, scale)) + composing)
    last = stages[-1].after if stages else first
    writing = written.peak(last.pixels, alpha=last.has_alpha, lossless=lossless, auto=auto)
    peaks.append(writing + composing)
    # All pictures of an animation are held at its end, and where a step looks at all of them.
    held = max([last.pixels, *(s.before.pixels for s in stages if s.looks)])
    kept_bytes = _KEPT_BYTES.get(written.name, 4)
    kept = (held * kept_bytes + _FRAME_BYTES) * frames if frames > 1 else 0
    return max(peaks) + kept + facts.size_bytes + _OVERHEAD_BYTES


def _reduced(frame: Frame, scale: int) -> Frame:
    return frame.resized(-(-frame.width // scale), -(-frame.height // scale))


def _decode_bytes(facts: Facts, first: Frame, scale: int) -> int:
    """Memory for the decoder's own state, its pixels, and bringing them to a working mode."""
    pixels = _reduced(first, scale).pixels
    if facts.format in ("WEBP", "AVIF", "GIF", "HEIC", "JXL"):
        return pixels * 21
    if first.has_alpha:
        return pixels * (18 if facts.icc_profile else 9)
    if facts.mode.startswith("I") or facts.mode == "F":
        return pixels * 15
    # A progressive file's coefficients are held at full size: two bytes a sample.
    samples = {"L": 1, "CMYK": 4}.get(facts.mode, 3)
    coefficients = first.pixels * samples * 2 if facts.progressive else 0
    plain = facts.mode in ("L", "RGB") and not facts.icc_profile
    return pixels * (5 if plain else 9) + coefficients


def work_cost(
    facts: Facts,
    first: Frame,
    stages: tuple[Stage, ...],
    last: Frame,
    frames: int,
    scale: int,
    written: OutputFormat,
    tries: int,
) -> float:
    """All the work, in units of one 12-megapixel JPEG to 800x600; writing counts `tries` times."""
    # Entropy decoding takes every pixel at any scale; the rest shrinks with the square of it.
    decoding = first.pixels * _DECODE_COST.get(facts.format, 1.0) * (0.6 + 0.4 / scale**2)
    working = 0.0
    for stage in stages:
        pixels = max(stage.before.pixels / scale**2, stage.after.pixels)
        working += pixels * stage.cost()
        if stage.resamples:
            scale = 1
    writing = last.pixels * written.encode_cost * tries
    return round((decoding + working + writing + _FRAME_WORK) * frames / _COST_UNIT, 3)
