"""Colours: into sRGB at eight bits a channel, and alpha in and out.

Steps work in four modes only: `L`, `LA`, `RGB`, `RGBA`. Everything a file can hold is brought
there once, right after decoding.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable
from itertools import product
from typing import Any

from PIL import Image, ImageCms

_GRAY_MODES = ("1", "L", "LA", "La", "I", "F")
# Grays from dark to bright, and colours on all sides of the cube.
_LEVELS = (0, 8, 24, 48, 80, 112, 144, 176, 208, 240, 255)
_PROBE = bytes(level for gray in _LEVELS for level in (gray, gray, gray)) + bytes(
    level for colour in product((0, 96, 255), repeat=3) for level in colour
)

# Of the profiles seen last, by their digest: whether they are sRGB.
_KNOWN: dict[bytes, bool] = {}
_MAX_KNOWN = 64

_PROFILE_MODES = {"GRAY": ("L",), "RGB": ("RGB",), "CMYK": ("CMYK",), "LAB": ("LAB",)}


def working_mode(mode: str, has_alpha: bool) -> str:
    """The mode that a file of `mode` is worked on in."""
    if mode in _GRAY_MODES or mode.startswith("I;"):
        return "LA" if has_alpha and mode in ("1", "L", "LA", "La") else "L"
    return "RGBA" if has_alpha else "RGB"


def to_working(
    image: Image.Image, mode: str, profile: bytes | None, depth: int = 16
) -> tuple[Image.Image, bool]:
    """`image` in the working `mode` and in sRGB, and whether its `profile` was understood.

    `depth`: bits that a 16-bit grayscale sample really uses.
    """
    if image.mode == "I" or image.mode == "F" or image.mode.startswith("I;"):
        image = _eight_bits(image, depth)
    elif image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in ("1", "L", "RGB") and "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "RGB" else "LA")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("La", "RGBa", "RGBX", "YCbCr", "HSV"):
        image = image.convert({"La": "LA", "RGBa": "RGBA"}.get(image.mode, "RGB"))
    if image.mode == "LAB":
        return _converted(image, ImageCms.createProfile("LAB"), "RGB").convert(mode), True
    understood = True
    if profile and not is_srgb(profile):
        image, understood = _through_profile(image, profile)
    image.info = {}
    return (image if image.mode == mode else image.convert(mode)), understood


def profile_name(profile: bytes) -> str | None:
    """The description inside an ICC profile, or None if it cannot be read."""
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return (opened.profile.profile_description or "").strip() or None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def is_srgb(profile: bytes) -> bool:
    """Whether `profile` gives a few colours as sRGB does, within 1 of 255.

    Its name says nothing: there are linear profiles called `sRGB-...`, and others that are sRGB.
    """
    digest = hashlib.sha256(profile).digest()
    known = _KNOWN.get(digest)
    if known is None:
        if len(_KNOWN) >= _MAX_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[digest] = _keeps_colours(profile)
    return known


def _keeps_colours(profile: bytes) -> bool:
    probe = Image.frombytes("RGB", (len(_PROBE) // 3, 1), _PROBE)
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if opened.profile.xcolor_space.strip() != "RGB":
            return False
        given = _converted(probe, opened, "RGB").tobytes()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return False
    return all(abs(one - other) <= 1 for one, other in zip(_PROBE, given, strict=True))


def _through_profile(image: Image.Image, profile: bytes) -> tuple[Image.Image, bool]:
    colours, alpha = split_alpha(image)
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = opened.profile.xcolor_space.strip()
        if colours.mode not in _PROFILE_MODES.get(space, ()):
            return image, False
        converted = _converted(colours, opened, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image, False
    if colours.mode == "L":
        converted = converted.convert("L")
    return join_alpha(converted, alpha), True


def _converted(image: Image.Image, profile: Any, mode: str) -> Image.Image:
    srgb = ImageCms.createProfile("sRGB")
    result = ImageCms.profileToProfile(image, profile, srgb, outputMode=mode)
    assert result is not None
    return result


def _eight_bits(image: Image.Image, depth: int) -> Image.Image:
    """Deep grayscale samples as eight bits, scaled over their range and never clipped.

    16-bit samples range over 0 to 2**depth - 1. Samples of 32 bits and floats have no range of
    their own: the smallest becomes black and the largest white.
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


def split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours of `image` and its alpha channel, if it has one."""
    if image.mode == "LA":
        return image.getchannel("L"), image.getchannel("A")
    if image.mode == "RGBA":
        return image.convert("RGB"), image.getchannel("A")
    return image, None


def join_alpha(image: Image.Image, alpha: Image.Image | None) -> Image.Image:
    """`image` (L or RGB) with `alpha` put on a copy of it."""
    if alpha is None:
        return image
    joined = image.convert("LA" if image.mode == "L" else "RGBA")
    joined.putalpha(alpha)
    return joined


def on_colour(image: Image.Image, change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """`change` applied to the colours alone; alpha stays as it is."""
    if image.mode not in ("LA", "RGBA"):
        return change(image)
    # No name for the colours: they are free again as soon as they have been changed.
    changed = change(image.getchannel("L") if image.mode == "LA" else image.convert("RGB"))
    return join_alpha(changed, image.getchannel("A"))


def with_alpha(image: Image.Image) -> Image.Image:
    if image.mode in ("LA", "RGBA"):
        return image
    return image.convert("LA" if image.mode == "L" else "RGBA")


def without_colour(image: Image.Image) -> Image.Image:
    """`image` in gray (`L` or `LA`) by the luma weights of Rec. 601."""
    return image.convert("LA" if image.mode in ("LA", "RGBA") else "L")


def flatten(image: Image.Image, background: tuple[int, int, int, int], mode: str) -> Image.Image:
    """`image` (with alpha) laid on a colour, in `mode` (which drops the alpha if it has none)."""
    if mode in ("L", "RGB") and background[3] == 255:
        base = Image.new(mode, image.size, background[:3] if mode == "RGB" else background[0])
        base.paste(image.convert(mode), mask=image.getchannel("A"))
        return base
    base = Image.new("RGBA", image.size, background)
    base.alpha_composite(image if image.mode == "RGBA" else image.convert("RGBA"))
    return base if mode == "RGBA" else base.convert(mode)


def premultiplied(image: Image.Image, change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """`change` applied to all channels with the colours weighted by alpha."""
    if image.mode not in ("LA", "RGBA"):
        return change(image)
    # Pillow's filters know RGBa but not its gray form.
    colours = image if image.mode == "RGBA" else image.convert("RGBA")
    weighted = colours.convert("RGBa")
    del colours
    changed = change(weighted)
    del weighted
    changed = changed.convert("RGBA")
    return changed if image.mode == "RGBA" else changed.convert(image.mode)
