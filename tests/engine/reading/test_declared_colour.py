"""Colours that PNG chunks and AVIF boxes declare. The expected levels are those of Chromium."""

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import Pipeline
from image_processor.engine.derived.derive import derive, is_thumbnail
from image_processor.engine.preview import preview
from tests.engine.builders import LIMITS, encoded, facts_of, image_of, opened, run, step
from tests.engine.declared import (
    P3,
    SRGB,
    after_header,
    brightest,
    chromaticities,
    cicp,
    declared_avif,
    declared_png,
    gamma,
    mastered_at,
    srgb,
)
from tests.engine.hostile import png_chunk
from tests.engine.profiles import SRGB_PRIMARIES, matrix_profile

Colour = tuple[int, int, int]

RED: Colour = (200, 50, 50)
LINEAR_PROFILE = matrix_profile("linear", SRGB_PRIMARIES, [1.0])


def gray(level: int) -> Colour:
    return level, level, level


def flat(colour: Colour, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (16, 12), colour)
    return image.quantize(4) if mode == "P" else image.convert(mode)


def shown(data: bytes) -> Colour:
    """The colour of a result in the middle, and no warning."""
    result = run(data, step("flip"), format="png")
    assert result.warnings == []
    assert "icc_profile" not in opened(result.data).info
    return image_of(result).convert("RGB").getpixel((8, 6))  # type: ignore[return-value]


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


def test_levels_of_a_narrow_range_are_spread() -> None:
    assert shown(declared_png(flat((16, 235, 126)), cicp(1, 13, 0, 0))) == (0, 255, 128)
    wide = declared_png(flat(gray(126)), cicp(1, 8, 0, 0))
    assert shown(wide) == pytest.approx(gray(188), abs=1)


@pytest.mark.parametrize(
    ("chunks", "level", "expected"),
    [
        ([brightest(400)], 128, 163),
        ([brightest(100)], 128, 181),
        ([brightest(0)], 128, 132),
        ([mastered_at(4000)], 200, 232),
        ([mastered_at(4000), brightest(400)], 128, 163),
    ],
)
def test_tones_are_mapped_by_the_brightest_light(
    chunks: list[bytes], level: int, expected: int
) -> None:
    data = declared_png(flat(gray(level)), cicp(9, 16), *chunks)
    assert shown(data) == pytest.approx(gray(expected), abs=3)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("chunk", [gamma(100_000), cicp(9, 8)], ids=["gamma", "cicp"])
def test_every_mode_is_converted_and_keeps_its_alpha(mode: str, chunk: bytes) -> None:
    source = flat(gray(55), mode)
    if mode in ("LA", "RGBA"):
        source.putalpha(77)
    result = image_of(run(declared_png(source, chunk), step("flip")))
    alpha = 77 if mode in ("LA", "RGBA") else 255
    assert result.convert("RGBA").getpixel((8, 6)) == (128, 128, 128, alpha)


def test_sixteen_bits_of_linear_gray_keep_their_shadows() -> None:
    deep = Image.fromarray(np.arange(2000, dtype=np.uint16).reshape(40, 50))
    result = np.asarray(image_of(run(declared_png(deep, gamma(100_000)), step("flip"))))
    assert result.max() == 49
    assert len(np.unique(result)) == 50


def test_a_palette_with_a_transparent_colour_is_converted() -> None:
    source = flat(gray(55), "P")
    data = declared_png(source, gamma(100_000), transparency=source.getpixel((0, 0)))
    assert image_of(run(data, step("flip"))).convert("RGBA").getpixel((8, 6)) == (128, 128, 128, 0)


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


def test_unknown_codes_of_an_avif_count_as_srgb_with_a_warning() -> None:
    result = run(declared_avif(flat(RED), 12, 9), step("flip"), format="png")
    assert [warning["code"] for warning in result.warnings] == ["broken_profile"]
    assert image_of(result).getpixel((8, 6)) == pytest.approx((218, 24, 40), abs=3)


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


def test_previews_and_derived_pictures_are_converted_as_well() -> None:
    data = declared_png(Image.new("RGB", (600, 400), gray(55)), gamma(100_000))
    facts = facts_of(data)
    assert not is_thumbnail(facts_of(declared_png(flat(RED), gamma(100_000))))
    derived = derive(data, facts, LIMITS, proxy=False)
    assert derived.colours == ["#808080"]
    assert opened(derived.thumbnail.data).convert("RGB").getpixel((9, 9)) == gray(128)
    pipeline = Pipeline.parse([step("flip")])
    quick = preview(data, facts, facts, pipeline, LIMITS)
    assert opened(quick.data).convert("RGB").getpixel((9, 9)) == gray(128)


def test_all_frames_of_an_animation_are_converted() -> None:
    frames = [flat(gray(55)), flat(gray(100))]
    plain = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=100)
    result = opened(run(after_header(plain, gamma(100_000)), step("flip")).data)
    levels = []
    for index in range(2):
        result.seek(index)
        levels.append(result.convert("RGB").getpixel((8, 6)))
    assert levels == [gray(128), gray(168)]


def test_the_profile_of_a_bmp_is_applied() -> None:
    pixels = bytes(gray(55)) * 16 * 12
    header = b"DEBM".rjust(60, b"\0")
    info = bytearray(124)
    info[:16] = encoded(flat(RED), "BMP")[14:30]
    info[0] = 124
    info[56:60] = header[56:]
    info[112:116] = (124 + len(pixels)).to_bytes(4, "little")
    info[116:120] = len(LINEAR_PROFILE).to_bytes(4, "little")
    body = bytes(info) + pixels + LINEAR_PROFILE
    start = b"BM" + (14 + len(body)).to_bytes(4, "little") + bytes(4) + (138).to_bytes(4, "little")
    assert shown(start + body) == pytest.approx(gray(128), abs=1)
    assert facts_of(start + body).icc_profile == "linear"
