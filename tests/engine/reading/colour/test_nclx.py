"""Colours that the boxes of an AVIF or HEIC declare. The expected levels are those of Chromium."""

import pytest

from image_processor.engine.optional_formats import PILLOW_NAMES
from tests.engine.builders import encoded, facts_of, image_of, run, step
from tests.engine.files.declared import (
    LINEAR_PROFILE,
    RED,
    Colour,
    declared_avif,
    flat,
    gray,
    shown,
    with_codes,
)


@pytest.mark.rule(
    "AVIF",
    "converted",
    "Colours that an nclx box declares become sRGB. PQ and HLG are tone mapped.",
)
@pytest.mark.parametrize(
    ("codes", "stored", "expected"),
    [
        ((12, 13), RED, (218, 24, 40)),
        ((12, 1), RED, (218, 24, 40)),
        ((9, 2), RED, (248, 0, 40)),
        ((1, 8), gray(55), gray(128)),
        ((9, 16), RED, (255, 0, 0)),
        ((2, 16), gray(128), gray(132)),
        ((9, 18), RED, (230, 0, 27)),
        ((1, 13), RED, RED),
        ((1, 6), RED, RED),
        ((2, 2), RED, RED),
    ],
)
def test_an_avif_is_shown_as_a_browser_shows_it(
    codes: tuple[int, int], stored: Colour, expected: Colour
) -> None:
    data = declared_avif(flat(stored), *codes)
    assert shown(data) == pytest.approx(expected, abs=3)
    assert (facts_of(data).colour is None) == (stored == expected)


@pytest.mark.rule(
    "AVIF",
    "converted",
    "An ICC profile counts before an nclx box.",
)
def test_a_profile_takes_precedence_in_an_avif() -> None:
    data = declared_avif(flat(gray(55)), 9, 16, icc_profile=LINEAR_PROFILE)
    assert b"nclx" in data
    assert shown(data) == pytest.approx(gray(128), abs=2)
    assert facts_of(data).colour is None


def test_only_the_box_of_the_primary_picture_counts() -> None:
    """Without the association, the box belongs to another picture of the file."""
    data = declared_avif(flat(RED), 12, 13)
    at = data.index(b"ipma")
    index = data.index(b"\x83\x04", at) + 1  # av1C is essential, and colr follows
    assert shown(data[:index] + b"\x01" + data[index + 1 :]) == pytest.approx(RED, abs=2)


@pytest.mark.rule(
    "AVIF",
    "warned of",
    "Unknown codes of an nclx box count as sRGB (`broken_profile`).",
)
def test_unknown_codes_of_an_avif_count_as_srgb_with_a_warning() -> None:
    result = run(declared_avif(flat(RED), 12, 9), step("flip"), format="png")
    assert [warning["code"] for warning in result.warnings] == ["broken_profile"]
    assert image_of(result).getpixel((8, 6)) == pytest.approx((218, 24, 40), abs=3)


@pytest.mark.rule(
    "HEIC",
    "converted",
    "Colours that an nclx box declares become sRGB, unless there is an ICC profile.",
)
@pytest.mark.formats
@pytest.mark.long
def test_a_heic_is_converted_like_an_avif() -> None:
    data = with_codes(encoded(flat(RED), PILLOW_NAMES["HEIC"], quality=100), 12, 13)
    assert shown(data) == pytest.approx((218, 24, 41), abs=3)
