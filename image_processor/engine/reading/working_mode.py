"""Conversion of everything a file can hold into a working mode: 8-bit sRGB.

Operations know four modes: `L`, `LA`, `RGB` and `RGBA`. Images are converted once, right after
decoding.
"""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageCms

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.reading.colour.conversion import convert_deep_gray, convert_from
from image_processor.engine.reading.colour.space import Declaration
from image_processor.engine.reading.deep_gray import (
    NOT_FINITE,
    DeepGray,
    is_deep_gray,
    to_eight_bits,
)
from image_processor.engine.reading.icc import apply_profile, convert_to_srgb, is_srgb

_BROKEN_PROFILE = {
    "code": "broken_profile",
    "detail": "The embedded colour profile is broken or does not match the image. It was ignored.",
}
_GRAY_MODES = ("1", "L", "LA", "La")


def working_mode(mode: str, has_alpha: bool) -> str:
    """The working mode for a file of Pillow's `mode`."""
    if mode in _GRAY_MODES or is_deep_gray(mode):
        return "LA" if has_alpha and mode in _GRAY_MODES else "L"
    return "RGBA" if has_alpha else "RGB"


def working_frame(facts: Facts) -> Frame:
    """Upright size and working mode of a file."""
    return Frame(facts.width, facts.height, working_mode(facts.mode, facts.has_alpha))


def to_working(
    image: Image.Image,
    mode: str,
    profile: bytes | None,
    declared: Declaration,
    deep: DeepGray | None = None,
) -> tuple[Image.Image, list[dict[str, Any]]]:
    """`image` in the working `mode` and in sRGB, and the warnings of the conversion.

    `declared` is the colour space without a profile. It counts where no profile does. `deep` says
    what deep gray samples mean, if Pillow's mode alone does not. `image` may be changed in place.
    """
    working, warnings = _to_srgb(image, profile, declared, deep)
    working.info = {}  # encoders would write it into the result
    return (working if working.mode == mode else working.convert(mode)), warnings


def _to_srgb(
    image: Image.Image, profile: bytes | None, declared: Declaration, deep: DeepGray | None
) -> tuple[Image.Image, list[dict[str, Any]]]:
    space, warnings = declared.space, []
    if profile and not declared.over_profile:
        space = None
    if space and image.mode.startswith("I;"):
        return convert_deep_gray(image, space), []
    if is_deep_gray(image.mode):
        image, finite = to_eight_bits(image, deep or DeepGray.of_mode(image.mode))
        warnings = [] if finite else [NOT_FINITE]
    elif image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in ("1", "L", "RGB") and "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "RGB" else "LA")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("La", "RGBa", "RGBX", "YCbCr", "HSV"):
        image = image.convert({"La": "LA", "RGBa": "RGBA"}.get(image.mode, "RGB"))
    if image.mode == "LAB":
        return convert_to_srgb(image, ImageCms.createProfile("LAB"), "RGB"), []
    if profile and not declared.over_profile and not is_srgb(profile):
        image, understood = apply_profile(image, profile)
        if not understood:
            warnings, space = [*warnings, _BROKEN_PROFILE], declared.space
    return (convert_from(image, space) if space else image), warnings
