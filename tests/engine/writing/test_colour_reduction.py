"""A palette for a picture of more colours than it can hold."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from image_processor.engine.pixels import strips
from image_processor.engine.writing.colour_reduction import reduce_colours
from tests.engine.builders import PHOTOS, encoded, opened, run, step

PHOTO = PHOTOS / "rocket.jpg"


def photo() -> Image.Image:
    return Image.open(PHOTO).convert("RGB").resize((320, 214))


def shades(count: int) -> Image.Image:
    """A picture of exactly so many colours, which differ by one level."""
    numbers = np.arange(64 * 1024) % count
    values = np.stack([numbers % 256, numbers // 256, np.full_like(numbers, 40)], axis=1)
    return Image.fromarray(values.astype(np.uint8).reshape(64, 1024, 3))


def error(reduced: Image.Image, image: Image.Image) -> float:
    """The mean squared difference of a sample."""
    difference = np.asarray(reduced.convert("RGB"), float) - np.asarray(image)
    return float((difference**2).mean())


@pytest.mark.parametrize("colours", [1, 2, 255, 256])
def test_few_colours_stay_as_they_are(colours: int) -> None:
    image = shades(colours)
    reduced = reduce_colours(image, 256)
    assert reduced.convert("RGB").tobytes() == image.tobytes()
    assert len(reduced.getcolors() or ()) == colours


@pytest.mark.parametrize("count", [255, 256])
def test_a_photograph_has_at_most_half_the_error_of_a_median_cut(count: int) -> None:
    image = photo()
    reduced = reduce_colours(image, count)
    assert len(reduced.getcolors() or ()) <= count
    assert error(reduced, image) < error(image.quantize(count), image) / 2


def test_one_colour_too_many_costs_one_level_of_few_pixels() -> None:
    image = shades(257)
    reduced = reduce_colours(image, 256)
    assert len(reduced.getcolors() or ()) == 256
    assert error(reduced, image) < 0.01


def test_a_gif_of_a_photograph_has_this_palette() -> None:
    data = encoded(photo(), "PNG")
    result = run(data, step("flip"), format="gif")
    image = opened(run(data, step("flip"), format="png").data)
    assert opened(result.data).convert("RGB").tobytes() == (
        reduce_colours(image, 256).convert("RGB").tobytes()
    )


def test_strips_give_the_bytes_of_the_whole(monkeypatch: Any) -> None:
    image = photo()
    whole = reduce_colours(image, 256)
    monkeypatch.setattr(strips, "STRIP_PIXELS", 1_000)
    in_strips = reduce_colours(image, 256)
    assert in_strips.tobytes() == whole.tobytes()
    assert in_strips.getpalette() == whole.getpalette()


@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(2, 256), st.integers(1, 255))
def test_any_picture_gets_a_palette(seed: int, width: int, levels: int, count: int) -> None:
    values = np.random.default_rng(seed).integers(0, levels, (7, width, 3), np.uint8)
    image = Image.fromarray(values)
    reduced = reduce_colours(image, count)
    distinct = len(image.getcolors(100) or ())
    assert len(reduced.getcolors() or ()) <= min(count, distinct)
    if distinct <= count:
        assert reduced.convert("RGB").tobytes() == image.tobytes()
