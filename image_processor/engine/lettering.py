"""Text as pixels, in the bundled font, for the characters that it really has."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

# A noncharacter: no font has a glyph for it, so it is drawn as the box for missing ones.
_MISSING = "\U0010ffff"
_REFERENCE_SIZE = 100
_MAX_FONT_SIZE = 4_000.0
_OUTLINE_PART = 28


@lru_cache(maxsize=8)
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    # The plain layout is part of Pillow; the other one depends on libraries of the machine.
    return font.font_variant(layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def has_glyph(char: str) -> bool:
    """Whether the font draws `char` as itself and not as the box for a missing glyph."""
    font = _font(_REFERENCE_SIZE)
    drawn, missing = font.getmask(char), font.getmask(_MISSING)
    return drawn.size != missing.size or bytes(drawn) != bytes(missing)


def first_undrawable(text: str) -> str | None:
    """The first character of `text` (in NFC) that the font lacks."""
    return next((char for char in text if not has_glyph(char)), None)


def char_name(char: str) -> str:
    """`"é" (U+00E9, LATIN SMALL LETTER E WITH ACUTE)`, without characters that cannot be shown."""
    shown = f'"{char}" ' if char.isprintable() else ""
    name = unicodedata.name(char, "")
    return f"{shown}(U+{ord(char):04X}{', ' + name if name else ''})"


def _fitting_size(text: str, width: float, max_height: float) -> float:
    """The size of the font in which `text` is about `width` wide, but not too high."""
    around = round(_REFERENCE_SIZE / _OUTLINE_PART)
    left, top, right, bottom = _font(_REFERENCE_SIZE).getbbox(text, stroke_width=around)
    scale = min(width / max(1.0, right - left), max_height / max(1.0, bottom - top))
    return min(max(1.0, round(_REFERENCE_SIZE * scale, 2)), _MAX_FONT_SIZE)


def extent(text: str, width: float, max_height: float) -> tuple[float, float]:
    """About the size in pixels that `stamp` will have, without drawing anything large."""
    scale = _fitting_size(text, width, max_height) / _REFERENCE_SIZE
    left, top, right, bottom = _font(_REFERENCE_SIZE).getbbox(text)
    return (right - left) * scale * 1.1 + 3, (bottom - top) * scale * 1.2 + 3


def stamp(
    text: str, width: float, max_height: float, colour: tuple[int, int, int, int], opacity: float
) -> Image.Image:
    """`text` in one line, RGBA, about `width` pixels wide but no higher than `max_height`.

    A thin outline in black or white, whichever the colour is not, keeps it readable anywhere.
    """
    size = _fitting_size(text, width, max_height)
    font = _font(size)
    outline = round(size / _OUTLINE_PART)  # whole pixels, or it would sit beside the letters
    left, top, right, bottom = font.getbbox(text, stroke_width=outline)
    left, top = math.floor(left), math.floor(top)
    canvas = (max(1, math.ceil(right - left)), max(1, math.ceil(bottom - top)))
    inner, outer = Image.new("L", canvas), Image.new("L", canvas)
    place = (-left, -top)
    ImageDraw.Draw(inner).text(place, text, fill=255, font=font)
    ImageDraw.Draw(outer).text(place, text, fill=255, font=font, stroke_width=outline)
    drawn = Image.new("RGB", canvas, _contrast(colour))
    drawn.paste(colour[:3], mask=inner)
    strength = opacity * colour[3] / 255
    drawn.putalpha(outer.point([round(value * strength) for value in range(256)]))
    return drawn


def _contrast(colour: tuple[int, int, int, int]) -> tuple[int, int, int]:
    red, green, blue = colour[:3]
    return (0, 0, 0) if 0.299 * red + 0.587 * green + 0.114 * blue > 127 else (255, 255, 255)
