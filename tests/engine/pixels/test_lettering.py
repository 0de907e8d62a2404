"""Text is drawn correctly or refused, never as boxes for missing glyphs."""

import unicodedata

import pytest
from PIL import Image, ImageFont

from image_processor.engine import Pipeline
from image_processor.engine.pixels import lettering
from image_processor.engine.pixels.fonts import characters, font_path
from image_processor.engine.pixels.fonts.coverage import covered_characters
from image_processor.engine.pixels.lettering import (
    draw_text,
    first_undrawable,
    leaves_ink,
    needs_shaping,
)
from tests.engine.builders import step

WHITE = (255, 255, 255, 255)
BOTH = ("dejavu-sans", "dejavu-sans-bold")
shaping = pytest.mark.skipif(not lettering.can_shape(), reason="no fribidi on this machine")
PLAIN = {
    "latin": "Élan naïveté ßøłž",
    "vietnamese": "Tiếng Việt",
    "greek": "Ελληνικά",
    "cyrillic": "Привет Ћирилица",
    "armenian": "Հայերեն",
    "georgian": "ქართული",
}
SHAPED = {
    "hebrew": "שלום עולם",
    "arabic": "السلام عليكم",
    "lao": "ສະບາຍດີ",
    "combining": "x\u030c q\u0303",
}


def drawn(text: str, font: str = "dejavu-sans") -> Image.Image:
    return draw_text(text, font, 300, 80, WHITE, 1.0).getchannel("A")


@pytest.mark.parametrize("font", BOTH)
@pytest.mark.parametrize(
    "text", [*PLAIN.values(), *(pytest.param(text, marks=shaping) for text in SHAPED.values())]
)
def test_each_script_is_drawn_without_a_box(text: str, font: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert first_undrawable(text, font) is None
    assert leaves_ink(text, font)
    mask = drawn(text, font)
    assert mask.getbbox() is not None
    boxes = drawn("".join("\U0010ffff" if c.strip() else c for c in text), font)
    assert (mask.size, mask.tobytes()) != (boxes.size, boxes.tobytes())


@shaping
def test_shaped_text_is_taken_as_a_watermark() -> None:
    for text in SHAPED.values():
        assert Pipeline.parse([step("watermark", text=text)]).steps


def test_the_table_of_characters_is_what_the_font_draws() -> None:
    """Against FreeType, for a sample of all of Unicode's planes that the font may know."""
    font = ImageFont.truetype(font_path("dejavu-sans"), 40, layout_engine=ImageFont.Layout.BASIC)
    box = font.getmask("\U0010ffff")
    known = characters("dejavu-sans")
    assert 5_000 < len(known) < 7_000
    for code in [*range(0x21, 0x3000, 7), *range(0xF000, 0xFFFF, 97), *range(0x1D400, 0x1F700, 11)]:
        mask = font.getmask(chr(code))
        is_box = (mask.size, bytes(mask)) == (box.size, bytes(box))
        assert is_box == (code not in known), hex(code)


@shaping
def test_arabic_letters_join_and_run_from_right_to_left() -> None:
    joined, apart = drawn("سلام"), drawn("س\u200cل\u200cا\u200cم")
    assert (joined.size, joined.tobytes()) != (apart.size, apart.tobytes())
    # The first letter, with the wide body, stands at the right.
    hebrew = drawn("ש.......")
    left, right = (hebrew.crop((at, 0, at + hebrew.width // 4, hebrew.height)) for at in (0, 225))
    assert right.histogram()[255] > left.histogram()[255]


@shaping
def test_an_accent_stands_over_its_letter() -> None:
    assert drawn("x\u030cx").width <= drawn("xx").width * 1.2
    assert drawn("x\u030c").height >= drawn("x").height * 0.9


@pytest.mark.parametrize(
    ("text", "char"),
    [
        ("你好", "你"),
        ("नमस्ते", "न"),
        ("ok 🌅", "🌅"),
        ("a\nb", "\n"),
        ("a\u202eb", "\u202e"),
        ("a\u2066b", "\u2066"),
        ("a\u00adb", "\u00ad"),
        ("👍🏽", "👍"),
    ],
)
def test_characters_that_the_font_lacks_are_found(text: str, char: str) -> None:
    assert first_undrawable(text, "dejavu-sans") == char


def test_without_fribidi_text_that_needs_shaping_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lettering, "can_shape", lambda: False)
    assert first_undrawable("Élan Ж Ω ქ", "dejavu-sans") is None
    for text in ("שלום", "سلام", "x\u030c", "ສີ"):
        char = first_undrawable(text, "dejavu-sans")
        assert char is not None
        assert needs_shaping(char)


def test_text_without_visible_pixels_is_blank() -> None:
    assert not leaves_ink("\u2800 \u00a0", "dejavu-sans")
    assert leaves_ink(".", "dejavu-sans")


def test_a_font_without_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="cmap"):
        covered_characters(b"\0\1\0\0\0\0" + bytes(20))
