"""Conversion of everything a file can hold into a working mode: 8-bit sRGB.

Operations know four modes: `L`, `LA`, `RGB` and `RGBA`. Images are converted once, right after
decoding.
"""

from __future__ import annotations

import math

from PIL import Image, ImageCms, ImageFile

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.reading.colour.conversion import convert_deep_gray, convert_from
from image_processor.engine.reading.colour.space import Declaration
from image_processor.engine.reading.colour_key import read_deep_alpha
from image_processor.engine.reading.icc import apply_profile, convert_to_srgb, is_srgb

_GRAY_MODES = ("1", "L", "LA", "La", "I", "F")


def working_mode(mode: str, has_alpha: bool) -> str:
    """The working mode for a file of Pillow's `mode`."""
    if mode in _GRAY_MODES or mode.startswith("I;"):
        return "LA" if has_alpha and mode not in ("I", "F") else "L"
    return "RGBA" if has_alpha else "RGB"


def working_frame(facts: Facts) -> Frame:
    """Upright size and working mode of a file."""
    return Frame(facts.width, facts.height, working_mode(facts.mode, facts.has_alpha))


def to_working(
    image: Image.Image,
    mode: str,
    profile: bytes | None,
    declared: Declaration,
    depth: int = 16,
) -> tuple[Image.Image, bool]:
    """`image` in the working `mode` and in sRGB, and whether its `profile` could be used.

    `declared` is the colour space without a profile. It counts where no profile does.
    `depth` is the number of bits that a 16-bit grayscale sample really uses. `image` may be changed
    in place.
    """
    alpha = read_deep_alpha(image)
    if alpha is not None:
        del image.info["transparency"]
    working, understood = _to_srgb(image, profile, declared, depth)
    if alpha is not None:
        working.putalpha(alpha)
    # Encoders write what they find about the source into the result: from `info`, and the one of
    # TIFF all tags of an opened TIFF.
    if isinstance(working, ImageFile.ImageFile):
        working = working._new(working.im)
    working.info = {}
    return (working if working.mode == mode else working.convert(mode)), understood


def _to_srgb(
    image: Image.Image, profile: bytes | None, declared: Declaration, depth: int
) -> tuple[Image.Image, bool]:
    space, understood = declared.space, True
    if profile and not declared.over_profile:
        space = None
    if space and image.mode.startswith("I;"):
        return convert_deep_gray(image, space), True
    if image.mode == "I" or image.mode == "F" or image.mode.startswith("I;"):
        image = _to_eight_bits(image, depth)
    elif image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in ("1", "L", "RGB") and "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "RGB" else "LA")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("La", "RGBa", "RGBX", "YCbCr", "HSV"):
        image = image.convert({"La": "LA", "RGBa": "RGBA"}.get(image.mode, "RGB"))
    if image.mode == "LAB":
        return convert_to_srgb(image, ImageCms.createProfile("LAB"), "RGB"), True
    if profile and not declared.over_profile and not is_srgb(profile):
        image, understood = apply_profile(image, profile)
        space = None if understood else declared.space
    return (convert_from(image, space) if space else image), understood


def _to_eight_bits(image: Image.Image, depth: int) -> Image.Image:
    """Deep grayscale samples scaled to eight bits over their whole range, never clipped.

    The range of 16-bit samples is 0 to 2**depth - 1. Samples of 32 bits and floats have no fixed
    range: the smallest sample becomes black and the largest becomes white.
    """
    if image.mode in ("I;16", "I;16L", "I;16B", "I;16N"):
        low, high = 0.0, float(2**depth - 1)
    else:
        extrema = image.getextrema()
        low, high = float(extrema[0]), float(extrema[1])  # type: ignore[arg-type]
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError("samples are not finite")
    scale = 255.0 / (high - low) if high > low else 0.0
    wide = image.convert("I") if image.mode.startswith("I;") else image
    deep = wide.convert("F").point(lambda value: value * scale + (0.5 - low * scale))
    return deep.convert("L")
