"""The conversion of declared colours: ranges, light, kinds of pixels, and what is made of them."""

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import Pipeline
from image_processor.engine.derived.derive import derive, is_thumbnail
from image_processor.engine.preview import preview
from tests.engine.builders import LIMITS, encoded, facts_of, image_of, opened, run, step
from tests.engine.files.declared import (
    RED,
    after_header,
    brightest,
    cicp,
    declared_png,
    flat,
    gamma,
    gray,
    mastered_at,
    shown,
)


@pytest.mark.rule(
    "PNG",
    "converted",
    "The narrow range of cICP (16 to 235) is spread over all levels.",
)
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


@pytest.mark.rule(
    "PNG",
    "converted",
    "16-bit gray is converted to sRGB before it becomes eight bits.",
)
def test_sixteen_bits_of_linear_gray_keep_their_shadows() -> None:
    deep = Image.fromarray(np.arange(2000, dtype=np.uint16).reshape(40, 50))
    result = np.asarray(image_of(run(declared_png(deep, gamma(100_000)), step("flip"))))
    assert result.max() == 49
    assert len(np.unique(result)) == 50


def test_a_palette_with_a_transparent_colour_is_converted() -> None:
    source = flat(gray(55), "P")
    data = declared_png(source, gamma(100_000), transparency=source.getpixel((0, 0)))
    assert image_of(run(data, step("flip"))).convert("RGBA").getpixel((8, 6)) == (128, 128, 128, 0)


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
