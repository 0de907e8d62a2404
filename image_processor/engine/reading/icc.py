"""ICC profiles: their names, their conversion into sRGB, and which of them are sRGB already."""

from __future__ import annotations

import hashlib
import io
from itertools import product
from typing import Any

from PIL import Image, ImageCms

from image_processor.engine.pixels.alpha import join_alpha, split_alpha

# Grays from dark to bright, and colours on all sides of the RGB cube.
_LEVELS = (0, 8, 24, 48, 80, 112, 144, 176, 208, 240, 255)
_PROBE = bytes(level for gray in _LEVELS for level in (gray, gray, gray)) + bytes(
    level for colour in product((0, 96, 255), repeat=3) for level in colour
)

# Digest of a profile -> whether it is sRGB, for the profiles seen last.
_KNOWN: dict[bytes, bool] = {}
_MAX_KNOWN = 64

_PROFILE_MODES = {"GRAY": ("L",), "RGB": ("RGB",), "CMYK": ("CMYK",), "LAB": ("LAB",)}
_PROFILE_ERRORS = (ImageCms.PyCMSError, OSError, ValueError, TypeError)


def profile_name(profile: bytes) -> str | None:
    """The description inside an ICC profile, or None if it cannot be read."""
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return (opened.profile.profile_description or "").strip() or None
    except _PROFILE_ERRORS:
        return None


def is_srgb(profile: bytes) -> bool:
    """Whether `profile` gives a set of sample colours as sRGB does, within one level of 255.

    The name of a profile decides nothing: some linear profiles are called `sRGB-...`, and some
    sRGB profiles have other names.
    """
    digest = hashlib.sha256(profile).digest()
    known = _KNOWN.get(digest)
    if known is None:
        if len(_KNOWN) >= _MAX_KNOWN:
            _KNOWN.clear()
        known = _KNOWN[digest] = _keeps_colours(profile)
    return known


def apply_profile(image: Image.Image, profile: bytes) -> tuple[Image.Image, bool]:
    """`image` converted from `profile` to sRGB, and True; or unchanged, and False.

    False means that the profile is broken or belongs to another kind of image.
    """
    colours, alpha = split_alpha(image)
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = opened.profile.xcolor_space.strip()
        if colours.mode not in _PROFILE_MODES.get(space, ()):
            return image, False
        converted = convert_to_srgb(colours, opened, "RGB")
    except _PROFILE_ERRORS:
        return image, False
    if colours.mode == "L":
        converted = converted.convert("L")
    return join_alpha(converted, alpha), True


def convert_to_srgb(image: Image.Image, profile: Any, mode: str) -> Image.Image:
    """`image` converted from an opened `profile` to sRGB in `mode`."""
    srgb = ImageCms.createProfile("sRGB")
    result = ImageCms.profileToProfile(image, profile, srgb, outputMode=mode)
    assert result is not None
    return result


def _keeps_colours(profile: bytes) -> bool:
    probe = Image.frombytes("RGB", (len(_PROBE) // 3, 1), _PROBE)
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if opened.profile.xcolor_space.strip() != "RGB":
            return False
        converted = convert_to_srgb(probe, opened, "RGB").tobytes()
    except _PROFILE_ERRORS:
        return False
    return all(abs(one - other) <= 1 for one, other in zip(_PROBE, converted, strict=True))
