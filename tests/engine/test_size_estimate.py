"""The estimated size of a result's file against the file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import (
    Facts,
    Pipeline,
    estimate_bytes,
    has_estimate,
    inspect,
    plan,
    render,
    size_estimate,
)
from image_processor.engine.writing.options import Output
from tests.engine.builders import LIMITS, animation, encoded, gradient, opened, photo, step


def large(name: str) -> bytes:
    """A photograph of a megapixel."""
    image = opened(photo(name)).convert("RGB")
    return encoded(image.resize((1200, 800)), "PNG", compress_level=1)


def estimate(data: bytes, pipeline: Pipeline) -> int | None:
    return estimate_bytes(data, inspect(data, LIMITS), pipeline, LIMITS)


def size_of(data: bytes, pipeline: Pipeline) -> int:
    return len(render(data, inspect(data, LIMITS), pipeline, LIMITS).data)


def screenshot() -> Image.Image:
    """Lines of dark letters on a light ground."""
    letters = np.random.default_rng(1).integers(0, 120, (40, 100))
    pixels = np.full((1000, 1500), 240, np.uint8)
    for top, left in np.ndindex(letters.shape):
        pixels[25 * top : 25 * top + 12, 15 * left : 15 * left + 7] = letters[top, left]
    return Image.fromarray(pixels).convert("RGB")


def detailed_corner() -> Image.Image:
    """A flat ground with a piece of a photograph in one corner."""
    picture = Image.new("RGB", (1500, 1000), (240, 240, 240))
    picture.paste(opened(photo("rocket.jpg")).crop((0, 0, 250, 250)))
    return picture


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only pieces of a picture of a megapixel are encoded, except in JPEG."""
    monkeypatch.setattr(size_estimate, "_WHOLE_PIXELS", 250_000)
    monkeypatch.setattr(size_estimate, "_WHOLE_SECONDS", 0)


@pytest.mark.parametrize(
    "name", ["rocket.jpg", pytest.param("chelsea.png", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("format_name", ["webp", "avif"])
def test_it_is_within_a_tenth_although_only_a_part_is_encoded(
    sampled: None, name: str, format_name: str
) -> None:
    data = large(name)
    pipeline = Pipeline.parse([step("resize", scale=80)], format=format_name)
    assert estimate(data, pipeline) == pytest.approx(size_of(data, pipeline), rel=0.1)


@pytest.mark.parametrize(
    ("make", "format_name"), [(screenshot, "webp"), (lambda: gradient(1500, 1000), "avif")]
)
def test_it_is_within_a_tenth_for_pictures_that_are_no_photographs(
    sampled: None, make: Any, format_name: str
) -> None:
    data = encoded(make(), "PNG", compress_level=1)
    pipeline = Pipeline.parse([step("flip")], format=format_name)
    assert estimate(data, pipeline) == pytest.approx(size_of(data, pipeline), rel=0.1)


def test_pieces_that_differ_from_the_whole_lead_to_no_estimate(sampled: None) -> None:
    data = encoded(detailed_corner(), "PNG", compress_level=1)
    assert estimate(data, Pipeline.parse([step("flip")], format="avif")) is None


@pytest.mark.parametrize("format_name", ["jpeg", "png", "gif", "tiff", "webp"])
def test_what_is_encoded_quickly_is_exact(format_name: str) -> None:
    """Pieces of a screenshot or of a gradient in a lossless format are up to 45 % off."""
    data = encoded(screenshot(), "PNG", compress_level=1)
    pipeline = Pipeline.parse([step("flip")], format=format_name)
    assert estimate(data, pipeline) == size_of(data, pipeline)


def test_pieces_do_not_tell_the_size_of_a_lossless_file(sampled: None) -> None:
    for options in ({"format": "png"}, {"format": "webp", "lossless": True}):
        assert estimate(large("rocket.jpg"), Pipeline.parse([step("flip")], **options)) is None


@pytest.mark.parametrize("format_name", ["jpeg", "webp"])
@pytest.mark.parametrize(
    "options",
    [
        {"max_bytes": 30_000},  # found between the qualities
        {"max_bytes": 2_000},  # not reached at the lowest quality
    ],
)
def test_it_is_within_a_tenth_where_the_quality_is_searched(
    sampled: None, format_name: str, options: dict[str, Any]
) -> None:
    data = large("chelsea.png")
    pipeline = Pipeline.parse([step("compress", **options)], format=format_name)
    assert estimate(data, pipeline) == pytest.approx(size_of(data, pipeline), rel=0.1)


@pytest.mark.parametrize("options", [{"quality": 40}, {"quality": "auto"}, {"metadata": "keep"}])
def test_a_small_result_is_exact(options: dict[str, object]) -> None:
    data = photo("rocket.jpg")
    pipeline = Pipeline.parse([step("flip")], format="webp", **options)
    assert estimate(data, pipeline) == size_of(data, pipeline)


def test_an_animation_has_no_estimate() -> None:
    data = animation("GIF")
    assert estimate(data, Pipeline.parse([step("flip")])) is None


def test_work_that_takes_long_has_no_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = Facts.from_dict(inspect(photo("rocket.jpg"), LIMITS).to_dict())
    pipeline = Pipeline.parse([step("oil_painting")])
    monkeypatch.setattr(size_estimate, "_MAX_COST", 0.1)
    assert estimate_bytes(b"never opened", facts, pipeline, LIMITS) is None


def test_pieces_do_not_tell_an_automatic_quality(sampled: None) -> None:
    pipeline = Pipeline.parse([step("flip")], format="webp", quality="auto")
    assert estimate(large("rocket.jpg"), pipeline) is None


def test_the_search_for_the_quality_counts_as_work(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = inspect(large("rocket.jpg"), LIMITS)
    planned = plan(facts, Pipeline.parse([step("flip")], format="jpeg"), LIMITS)
    monkeypatch.setattr(size_estimate, "_MAX_COST", 0.8)
    assert has_estimate(facts, planned, Output())
    assert not has_estimate(facts, planned, Output(quality="auto"))
