"""Drawing a line of text in a bundled font, and which characters can be drawn."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, features

from image_processor.engine.pixels.fonts import characters, font_path

_REFERENCE_SIZE = 100
_MAX_FONT_SIZE = 4_000.0
_OUTLINE_PART = 28

# Invisible characters that change how letters join or in which direction they run. Other layout
# controls (line ends, direction overrides) have no place in one line.
_INVISIBLE = "\u200c\u200d\u200e\u200f"
_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_COMBINING = ("Mn", "Mc", "Me")


@lru_cache(maxsize=1)
def can_shape() -> bool:
    """Whether this machine can order and join letters: raqm (in Pillow) and fribidi (a library)."""
    return bool(features.check("raqm"))


def needs_shaping(char: str) -> bool:
    """Whether the place or the shape of `char` depends on its neighbours."""
    return (
        char in _INVISIBLE
        or unicodedata.bidirectional(char) in _RIGHT_TO_LEFT
        or unicodedata.category(char) in _COMBINING
    )


def has_glyph(char: str, font: str) -> bool:
    """Whether `font` has a glyph for `char` other than the box for missing glyphs."""
    if char not in _INVISIBLE and unicodedata.category(char) in _CONTROLS:
        return False
    return ord(char) in characters(font)


def first_undrawable(text: str, font: str) -> str | None:
    """The first character of `text` (NFC) that `font` lacks or this machine cannot shape."""
    shapes = can_shape()
    for char in text:
        if not has_glyph(char, font) or (not shapes and needs_shaping(char)):
            return char
    return None


def leaves_ink(text: str, font: str) -> bool:
    """Whether a drawable `text` leaves any visible pixel."""
    return _font(font, 16, _layout(text)).getmask(text).getbbox() is not None


def char_name(char: str) -> str:
    """`"é" (U+00E9, LATIN SMALL LETTER E WITH ACUTE)`; unprintable characters by number only."""
    shown = f'"{char}" ' if char.isprintable() else ""
    name = unicodedata.name(char, "")
    return f"{shown}(U+{ord(char):04X}{', ' + name if name else ''})"


def _layout(text: str) -> ImageFont.Layout:
    """The basic layout if it is enough: it is part of Pillow and the same on every machine."""
    if any(needs_shaping(char) for char in text):
        return ImageFont.Layout.RAQM
    return ImageFont.Layout.BASIC


@lru_cache(maxsize=8)
def _font(name: str, size: float, layout: ImageFont.Layout) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_path(name), size, layout_engine=layout)


def _fitting_size(text: str, font: str, width: float, max_height: float) -> float:
    """The font size at which `text` is about `width` wide and at most `max_height` high."""
    around = round(_REFERENCE_SIZE / _OUTLINE_PART)
    drawn = _font(font, _REFERENCE_SIZE, _layout(text))
    left, top, right, bottom = drawn.getbbox(text, stroke_width=around)
    scale = min(width / max(1.0, right - left), max_height / max(1.0, bottom - top))
    return min(max(1.0, round(_REFERENCE_SIZE * scale, 2)), _MAX_FONT_SIZE)


def text_size(text: str, font: str, width: float, max_height: float) -> tuple[float, float]:
    """An upper estimate of the size of the image of `draw_text`, without drawing it."""
    scale = _fitting_size(text, font, width, max_height) / _REFERENCE_SIZE
    left, top, right, bottom = _font(font, _REFERENCE_SIZE, _layout(text)).getbbox(text)
    return (right - left) * scale * 1.1 + 3, (bottom - top) * scale * 1.2 + 3


def draw_text(
    text: str,
    font: str,
    width: float,
    max_height: float,
    colour: tuple[int, int, int, int],
    opacity: float,
) -> Image.Image:
    """`text` in one line, RGBA, about `width` pixels wide and at most `max_height` high.

    A thin outline in black or white, whichever contrasts more, keeps it readable anywhere.
    """
    size = _fitting_size(text, font, width, max_height)
    drawn_in = _font(font, size, _layout(text))
    outline = round(size / _OUTLINE_PART)  # a fractional width would shift the outline
    left, top, right, bottom = drawn_in.getbbox(text, stroke_width=outline)
    left, top = math.floor(left), math.floor(top)
    canvas = (max(1, math.ceil(right - left)), max(1, math.ceil(bottom - top)))
    inner, outer = Image.new("L", canvas), Image.new("L", canvas)
    place = (-left, -top)
    ImageDraw.Draw(inner).text(place, text, fill=255, font=drawn_in)
    ImageDraw.Draw(outer).text(place, text, fill=255, font=drawn_in, stroke_width=outline)
    drawn = Image.new("RGB", canvas, _contrasting(colour))
    drawn.paste(colour[:3], mask=inner)
    strength = opacity * colour[3] / 255
    drawn.putalpha(outer.point([round(value * strength) for value in range(256)]))
    return drawn


def _contrasting(colour: tuple[int, int, int, int]) -> tuple[int, int, int]:
    red, green, blue = colour[:3]
    return (0, 0, 0) if 0.299 * red + 0.587 * green + 0.114 * blue > 127 else (255, 255, 255)
