"""Conversion of everything a file can hold into a working mode: 8-bit sRGB.

Operations know four modes: `L`, `LA`, `RGB` and `RGBA`. Images are converted once, right after
decoding.
"""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageCms

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.reading.deep_gray import (
    NOT_FINITE,
    DeepGray,
    is_deep_gray,
    to_eight_bits,
)
from image_processor.engine.reading.icc import apply_profile, convert_to_srgb, is_srgb

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
    deep: DeepGray | None = None,
    warnings: list[dict[str, Any]] | None = None,
) -> tuple[Image.Image, bool]:
    """`image` in the working `mode` and in sRGB, and whether its `profile` could be used.

    `deep` says what deep gray samples mean, if Pillow's mode alone does not. A warning about
    samples that are not finite is added to `warnings`.
    """
    if is_deep_gray(image.mode):
        image, finite = to_eight_bits(image, deep or DeepGray.of_mode(image.mode))
        if not finite and warnings is not None:
            warnings.append(dict(NOT_FINITE))
    elif image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in ("1", "L", "RGB") and "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "RGB" else "LA")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("La", "RGBa", "RGBX", "YCbCr", "HSV"):
        image = image.convert({"La": "LA", "RGBa": "RGBA"}.get(image.mode, "RGB"))
    if image.mode == "LAB":
        return convert_to_srgb(image, ImageCms.createProfile("LAB"), "RGB").convert(mode), True
    understood = True
    if profile and not is_srgb(profile):
        image, understood = apply_profile(image, profile)
    image.info = {}
    return (image if image.mode == mode else image.convert(mode)), understood
