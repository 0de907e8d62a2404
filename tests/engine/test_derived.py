"""Thumbnail, proxy, colours and hash, from pixels alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from image_processor.engine import Facts, Limits, Pipeline, inspect, render
from image_processor.engine.derived import is_thumbnail, needs_proxy, thumbnail_of
from image_processor.engine.derived.dominant_colours import dominant_colours
from image_processor.engine.derived.thumbhash import thumbhash
from tests.builders.pictures import encoded, opened
from tests.engine.builders import PHOTOS
from tests.engine.similarity import similarity


def test_the_hash_is_that_of_the_reference() -> None:
    """Of a photograph, lying and standing; made with an independent implementation."""
    with Image.open(PHOTOS / "chelsea.png") as photo:
        assert thumbhash(photo).hex() == "5d49061582f65868b1e6a9ab784588860c78d47066"
        upright = photo.transpose(Image.Transpose.ROTATE_90)
    assert thumbhash(upright).hex() == "5d49061502b1644975f78678819575554883702609"


def test_the_hash_of_one_colour() -> None:
    """Brightness, yellow and red of it in six bits each, and nothing that varies."""
    head = int.from_bytes(thumbhash(Image.new("RGB", (30, 20), "red"))[:3], "little")
    assert head & 63 == 21  # a third of 63
    assert head >> 6 & 63 == 47  # 31.5 + 31.5 / 2, halves upwards
    assert head >> 12 & 63 == 63
    assert head >> 18 == 0


def test_the_hash_contains_alpha() -> None:
    image = Image.new("RGBA", (20, 20), (0, 0, 255, 0))
    image.paste((0, 0, 255, 255), (0, 0, 10, 20))
    made = thumbhash(image)
    assert made[2] >> 7 == 1
    assert made[5] & 15 == 8  # half of 15, upwards
    assert thumbhash(image.convert("RGB"))[2] >> 7 == 0


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1)])
def test_every_picture_has_a_hash_and_colours(mode: str, size: tuple[int, int]) -> None:
    image = Image.new(mode, size)
    assert 5 <= len(thumbhash(image)) <= 25
    assert dominant_colours(image) == ([] if mode in ("LA", "RGBA") else ["#000000"])


def test_the_most_frequent_colour_comes_first() -> None:
    image = Image.new("RGB", (90, 90), "#204060")
    image.paste("#ffcc00", (0, 0, 90, 30))
    assert dominant_colours(image)[:2] == ["#204060", "#ffcc00"]


def test_invisible_pixels_have_no_colour() -> None:
    image = Image.new("RGBA", (90, 90), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 20, 20))
    assert dominant_colours(image) == ["#0000ff"]


@pytest.mark.parametrize("mode", ["1", "P", "L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(900, 700), (3000, 1), (1, 1)])
def test_every_result_has_a_thumbnail_of_its_pixels(mode: str, size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    source = encoded(image.convert(mode), "PNG")
    flip = Pipeline.parse([{"operation": "flip", "params": {}}], format="png")
    result = render(source, inspect(source, Limits()), flip, Limits())
    made = thumbnail_of(result)
    thumbnail = opened(made.data)
    scale = min(1, 512 / max(size))
    assert thumbnail.size == (made.width, made.height)
    assert thumbnail.size == (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    alpha = mode in ("LA", "RGBA")
    assert (made.format, made.has_alpha) == (("WEBP", True) if alpha else ("JPEG", False))
    shown = opened(result.data).convert("L").resize(thumbnail.size, Image.Resampling.BOX)
    assert similarity(thumbnail.convert("L"), shown) > 0.95


SMALL = Facts("JPEG", 512, 300, "RGB", 100_000)


@pytest.mark.parametrize(
    "change",
    [
        {"width": 513},
        {"height": 513},
        {"format": "TIFF"},
        {"mode": "CMYK"},
        {"frames": 2},
        {"orientation": 6},
        {"icc_profile": "Display P3"},
        {"size_bytes": 100_001},
    ],
    ids=str,
)
def test_an_image_that_is_its_own_thumbnail(change: dict[str, Any]) -> None:
    assert is_thumbnail(SMALL)
    assert not is_thumbnail(replace(SMALL, **change))


def test_only_large_pictures_want_a_proxy() -> None:
    assert not needs_proxy(replace(SMALL, width=2048))
    assert needs_proxy(replace(SMALL, height=2049))
