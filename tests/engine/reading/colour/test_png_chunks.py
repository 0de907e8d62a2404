"""Colours that the chunks of a PNG declare. The expected levels are those of Chromium."""

import pytest

from tests.engine.builders import encoded, facts_of, image_of, run, step
from tests.engine.files.declared import (
    LINEAR_PROFILE,
    P3,
    RED,
    SRGB,
    Colour,
    chromaticities,
    cicp,
    declared_png,
    flat,
    gamma,
    gray,
    shown,
    srgb,
)
from tests.engine.hostile import png_chunk


@pytest.mark.rule(
    "PNG",
    "converted",
    "Colours that cICP, or gAMA and cHRM, declare become sRGB. PQ and HLG are tone mapped.",
)
@pytest.mark.parametrize(
    ("chunks", "stored", "expected"),
    [
        ([gamma(100_000)], gray(55), gray(128)),
        ([gamma(250_000)], gray(55), gray(194)),
        ([gamma(55_556)], gray(55), gray(71)),
        ([gamma(22_727)], gray(128), gray(62)),
        ([gamma(45_455), chromaticities(P3)], RED, (219, 14, 35)),
        ([gamma(100_000), chromaticities(P3)], RED, (245, 115, 119)),
        ([cicp(12, 13)], RED, (218, 24, 40)),
        ([cicp(9, 13)], RED, (248, 0, 41)),
        ([cicp(4, 13)], RED, (236, 37, 35)),
        ([cicp(11, 13)], RED, (213, 24, 41)),
        ([cicp(1, 1)], gray(55), gray(44)),
        ([cicp(1, 4)], gray(55), gray(52)),
        ([cicp(1, 5)], gray(128), gray(106)),
        ([cicp(1, 7)], gray(55), gray(73)),
        ([cicp(1, 8)], gray(55), gray(128)),
        ([cicp(1, 17)], gray(55), gray(39)),
        ([cicp(9, 16)], RED, (255, 0, 0)),
        ([cicp(9, 16)], (120, 130, 140), (91, 139, 167)),
        ([cicp(9, 16)], gray(128), gray(132)),
        ([cicp(9, 16)], gray(170), gray(229)),
        ([cicp(9, 18)], RED, (230, 0, 27)),
        ([cicp(1, 18)], RED, (182, 37, 37)),
        ([cicp(9, 18)], gray(200), gray(202)),
    ],
)
def test_a_png_is_shown_as_a_browser_shows_it(
    chunks: list[bytes], stored: Colour, expected: Colour
) -> None:
    assert shown(declared_png(flat(stored), *chunks)) == pytest.approx(expected, abs=1)


@pytest.mark.rule(
    "PNG",
    "converted",
    "A gAMA within 5 % of 1/2.2 means sRGB unless cHRM has other primaries. cHRM alone is void.",
)
@pytest.mark.parametrize(
    "chunks",
    [
        [gamma(45_455)],
        [gamma(44_000)],
        [gamma(47_000)],
        [gamma(45_455), chromaticities(SRGB)],
        [gamma(100_000), chromaticities(P3), srgb()],
        [chromaticities(P3)],
        [cicp(1, 13)],
        [cicp(2, 2)],
        [srgb(), cicp(12, 2)],
    ],
)
def test_what_means_srgb_changes_nothing(chunks: list[bytes]) -> None:
    data = declared_png(flat((20, 110, 215)), *chunks)
    assert shown(data) == (20, 110, 215)
    assert facts_of(data).colour is None


@pytest.mark.rule(
    "PNG",
    "converted",
    "cICP counts before an ICC profile, that before sRGB, and that before gAMA and cHRM.",
)
@pytest.mark.parametrize(
    ("chunks", "profile", "expected"),
    [
        ([cicp(12, 13), srgb(), gamma(100_000)], LINEAR_PROFILE, (218, 24, 40)),
        ([cicp(1, 13)], LINEAR_PROFILE, RED),
        ([srgb()], LINEAR_PROFILE, (229, 122, 122)),
        ([gamma(45_455)], LINEAR_PROFILE, (229, 122, 122)),
        ([cicp(2, 13), gamma(100_000)], None, (229, 122, 122)),
        ([gamma(100_000), gamma(45_455)], None, (229, 122, 122)),
        ([gamma(45_455), gamma(100_000)], None, RED),
    ],
    ids=["cicp", "cicp-srgb", "profile", "profile-gamma", "unspecified", "first", "first-srgb"],
)
def test_the_precedence_of_declarations(
    chunks: list[bytes], profile: bytes | None, expected: Colour
) -> None:
    data = declared_png(flat(RED), *chunks, icc_profile=profile)
    assert shown(data) == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("chunk", [png_chunk(b"cICP", b"\x0c\x0d"), png_chunk(b"cLLI", bytes(3))])
def test_a_chunk_of_the_wrong_length_does_not_count(chunk: bytes) -> None:
    assert facts_of(declared_png(flat(RED), chunk, gamma(100_000))).colour == "gamma 1"


def test_chunks_behind_the_pixels_do_not_count() -> None:
    data = encoded(flat(RED), "PNG")
    late = data[:-12] + gamma(100_000) + cicp(12, 13) + data[-12:]
    assert shown(late) == RED


@pytest.mark.rule(
    "PNG",
    "warned of",
    "A nonsensical gAMA, cHRM, sRGB or cICP is ignored (`broken_profile`).",
)
@pytest.mark.parametrize(
    "chunks",
    [
        [gamma(0)],
        [gamma(2**31)],
        [gamma(100_000), chromaticities((0.0,) * 8)],
        [gamma(100_000), chromaticities((0.3127, 0.329, 0.3, 0.3, 0.4, 0.4, 0.5, 0.5))],
        [gamma(100_000), chromaticities((2.0,) * 8)],
        [gamma(100_000), chromaticities((0.0, 0.377, *P3[2:]))],
        [gamma(45_455), srgb(9)],
        [cicp(12, 13, 1)],
        [cicp(12, 13, 0, 2)],
        [cicp(12, 3)],
        [cicp(0, 13)],
    ],
)
def test_a_nonsensical_declaration_is_ignored_with_a_warning(chunks: list[bytes]) -> None:
    data = declared_png(flat(RED), *chunks)
    result = run(data, step("flip"))
    assert [warning["code"] for warning in result.warnings] == ["broken_profile"]
    assert image_of(result).getpixel((8, 6)) == RED
    assert facts_of(data).warnings == result.warnings


def test_gamma_stands_in_for_a_broken_profile() -> None:
    result = run(declared_png(flat(gray(55)), gamma(100_000), icc_profile=b"none"), step("flip"))
    assert [warning["code"] for warning in result.warnings] == ["broken_profile"]
    assert image_of(result).getpixel((8, 6)) == gray(128)


def test_the_facts_name_the_colour_space() -> None:
    names = {
        "Display P3": [cicp(12, 13)],
        "BT.2020 PQ": [cicp(9, 16)],
        "sRGB, narrow range": [cicp(1, 13, 0, 0)],
        "gamma 1": [gamma(100_000)],
        "own primaries, gamma 0.45455": [gamma(45_455), chromaticities(P3)],
    }
    for name, chunks in names.items():
        assert facts_of(declared_png(flat(RED), *chunks)).colour == name
