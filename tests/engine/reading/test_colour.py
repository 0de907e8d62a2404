"""Every kind of pixel is converted to 8-bit sRGB and keeps its tones."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.engine.builders import encoded, gradient, image_of, opened, run, step
from tests.engine.files.profiles import P3_PRIMARIES, matrix_profile

SAME = step("crop", x=0, y=0, width=64, height=48)


def pixels(image: Image.Image, mode: str) -> np.ndarray:
    return np.asarray(image.convert(mode), dtype=np.int16)


def test_a_palette_is_resolved_and_not_resampled() -> None:
    source = gradient(mode="P")
    result = image_of(run(encoded(source, "PNG"), SAME))
    assert (pixels(result, "RGB") == pixels(source, "RGB")).all()
    small = image_of(run(encoded(source, "PNG"), step("resize", width=32)))
    assert len(small.getcolors(10_000) or []) > 64


def test_a_palette_with_alpha_keeps_its_alpha() -> None:
    source = gradient(mode="RGBA").quantize(64)
    result = image_of(run(encoded(source, "PNG"), SAME))
    assert (pixels(result, "RGBA") == pixels(source, "RGBA")).all()


@pytest.mark.parametrize(("mode", "key"), [("L", 0), ("RGB", (0, 0, 0))])
def test_a_transparent_colour_becomes_alpha(mode: str, key: object) -> None:
    source = Image.new(mode, (64, 48), "white")
    source.paste("black", (0, 0, 10, 10))
    result = image_of(run(encoded(source, "PNG", transparency=key), SAME))
    alpha = result.getchannel("A")
    assert (alpha.getpixel((5, 5)), alpha.getpixel((30, 30))) == (0, 255)


def test_one_bit_becomes_gray_with_tones_between() -> None:
    source = gradient(mode="1")
    result = image_of(run(encoded(source, "PNG"), step("resize", width=16)))
    assert result.mode == "L"
    assert len(result.getcolors() or []) > 2


@pytest.mark.rule("JPEG TIFF", "converted", "CMYK becomes RGB.")
@pytest.mark.parametrize("format_name", ["JPEG", "TIFF"])
def test_cmyk_comes_out_in_its_colours(format_name: str) -> None:
    source = gradient(mode="CMYK")
    result = image_of(run(encoded(source, format_name), SAME, format="png"))
    assert result.mode == "RGB"
    assert np.abs(pixels(result, "RGB") - pixels(source, "RGB")).mean() < 4


def p3_to_srgb(colour: tuple[int, int, int]) -> list[float]:
    """The expected colours, computed from the definitions."""
    linear = (np.array(colour) / 255) ** 2.2
    xyz = np.array(list(P3_PRIMARIES.values())).T @ linear
    to_srgb = [[3.1339, -1.6169, -0.4906], [-0.9788, 1.9161, 0.0335], [0.0719, -0.2290, 1.4052]]
    light = np.clip(np.array(to_srgb) @ xyz, 0, 1)
    curve = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return [float(value) for value in curve * 255]


@pytest.mark.rule("every", "converted", "An embedded ICC profile is applied.")
@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("colour", [(200, 100, 100), (60, 180, 90), (128, 128, 128)])
def test_a_wide_gamut_is_converted(format_name: str, colour: tuple[int, int, int]) -> None:
    options = {} if format_name == "PNG" else {"quality": 100}
    source = Image.new("RGB", (64, 48), colour)
    data = encoded(
        source,
        format_name,
        icc_profile=matrix_profile("Wide gamut test", P3_PRIMARIES, [2.2]),
        **options,
    )
    result = run(data, SAME, format="png")
    assert result.warnings == []
    actual = image_of(result).getpixel((30, 20))
    assert actual == pytest.approx(p3_to_srgb(colour), abs=4)


@pytest.mark.rule(
    "every",
    "warned of",
    "An ICC profile for another kind of picture; it is ignored (`broken_profile`).",
)
def test_gray_with_a_colour_profile_is_left_alone_with_a_warning() -> None:
    data = encoded(
        gradient(mode="L"),
        "PNG",
        icc_profile=matrix_profile("Wide gamut test", P3_PRIMARIES, [2.2]),
    )
    result = run(data, SAME)
    assert [warning["code"] for warning in result.warnings] == ["broken_profile"]
    assert (pixels(image_of(result), "L") == pixels(gradient(mode="L"), "L")).all()


def test_an_embedded_profile_is_applied_and_dropped() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB", 5000)).tobytes()
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(lab)), "RGB", "LAB"
    )
    source = gradient()
    in_lab = ImageCms.applyTransform(source, to_lab)
    assert in_lab is not None
    result = image_of(run(encoded(in_lab, "TIFF"), SAME, format="png"))
    assert "icc_profile" not in result.info
    assert np.abs(pixels(result, "RGB") - pixels(source, "RGB")).mean() < 3


@pytest.mark.rule(
    "every",
    "converted",
    "Results are sRGB and carry no ICC profile.",
)
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF"])
@pytest.mark.parametrize("mode", ["LAB", "RGB", "CMYK", "L"])
def test_no_result_has_a_profile(mode: str, format_name: str) -> None:
    wide = matrix_profile("Wide gamut test", P3_PRIMARIES, [2.2])
    options = {} if mode == "LAB" else {"icc_profile": wide}
    source = gradient(mode="RGB" if mode == "LAB" else mode)
    if mode == "LAB":
        source = Image.frombytes("LAB", source.size, source.tobytes())
    for steps in ([SAME], [step("resize", width=20)]):
        result = run(encoded(source, "TIFF", **options), *steps, format=format_name.lower())
        assert "icc_profile" not in opened(result.data).info


@pytest.mark.rule(
    "TIFF",
    "kept",
    "No tag but the metadata that the request keeps.",
)
def test_no_tag_of_a_tiff_gets_into_a_tiff_by_itself() -> None:
    """Not even where no step makes a new picture."""
    tags = {700: b"<x:xmpmeta/>", 33723: b"\x1c\x02\x50\0\x01a", 315: "Ada", 50_000: "own"}
    result = run(encoded(gradient(), "TIFF", tiffinfo=tags), SAME, metadata="strip")
    assert set(opened(result.data).tag_v2).isdisjoint(tags)  # type: ignore[attr-defined]


def test_an_srgb_profile_changes_nothing_and_is_dropped() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = gradient()
    result = run(encoded(source, "PNG", icc_profile=srgb), SAME)
    assert (pixels(image_of(result), "RGB") == pixels(source, "RGB")).all()
    assert "icc_profile" not in opened(result.data).info
    assert result.warnings == []


@pytest.mark.rule("every", "warned of", "A broken ICC profile; it is ignored (`broken_profile`).")
@pytest.mark.parametrize("profile", [b"not a profile at all", b"\0" * 200])
def test_a_broken_profile_is_ignored_with_a_warning(profile: bytes) -> None:
    source = gradient()
    result = run(encoded(source, "PNG", icc_profile=profile), SAME)
    assert [warning["code"] for warning in result.warnings] == ["broken_profile"]
    assert (pixels(image_of(result), "RGB") == pixels(source, "RGB")).all()


def test_alpha_is_flattened_on_white_or_on_the_background() -> None:
    source = Image.new("RGBA", (64, 48), (255, 0, 0, 0))
    data = encoded(source, "PNG")
    white = image_of(run(data, SAME, format="jpeg"))
    assert white.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    green = image_of(run(data, SAME, format="jpeg", background="#00ff00", quality=95))
    red, level, blue = green.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert level > 240
    assert red < 15
    assert blue < 15


def test_gray_with_alpha_flattens_to_a_single_channel() -> None:
    result = image_of(run(encoded(gradient(mode="LA"), "PNG"), SAME, format="jpeg"))
    assert result.mode == "L"


def test_invisible_colours_do_not_bleed_into_visible_ones() -> None:
    source = Image.new("RGBA", (64, 48), (255, 0, 0, 0))
    source.paste((0, 0, 255, 255), (20, 10, 44, 38))
    for one in (step("resize", width=23), step("blur", radius=3), step("rotate", degrees=17)):
        result = np.asarray(image_of(run(encoded(source, "PNG"), one)))
        visible = result[result[..., 3] > 40]
        assert visible[:, 0].max() <= 8
        assert visible[:, 2].min() >= 240
