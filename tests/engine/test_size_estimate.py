"""The estimated size of a result's file against the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from tests.engine.builders import LIMITS, animation, encoded, opened, photo, step


def large(name: str) -> bytes:
    """A photograph of a megapixel."""
    image = opened(photo(name)).convert("RGB")
    return encoded(image.resize((1200, 800)), "PNG", compress_level=1)


def estimate(data: bytes, pipeline: Pipeline) -> int | None:
    return estimate_bytes(data, inspect(data, LIMITS), pipeline, LIMITS)


def size_of(data: bytes, pipeline: Pipeline) -> int:
    return len(render(data, inspect(data, LIMITS), pipeline, LIMITS).data)


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only pieces of a picture of a megapixel are encoded."""
    monkeypatch.setattr(size_estimate, "_WHOLE_PIXELS", 250_000)


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


def drawing() -> bytes:
    """A flat picture with noise in the upper left corner, where the first piece is."""
    image = Image.new("RGB", (1200, 800), (240, 240, 240))
    image.paste(Image.effect_noise((160, 160), 80).convert("RGB"), (0, 0))
    return encoded(image, "PNG", compress_level=1)


def screenshot() -> bytes:
    """Lines of short strokes in shades of gray."""
    image = Image.new("L", (1200, 800), 240)
    for number in range(1600):
        row, column = divmod(number, 80)
        shade = number * number % 120
        image.paste(shade, (15 * column, 40 * row, 15 * column + 7 + shade % 5, 40 * row + 12))
    return encoded(image.convert("RGB"), "PNG", compress_level=1)


def gradient() -> bytes:
    channels = [Image.linear_gradient("L").rotate(angle) for angle in (0, 90, 180)]
    image = Image.merge("RGB", channels).resize((1200, 800), Image.Resampling.BILINEAR)
    return encoded(image, "PNG", compress_level=1)


@pytest.mark.parametrize(
    ("draw", "format_name"),
    [(drawing, "webp"), (drawing, "avif"), (screenshot, "webp"), (gradient, "avif")],
)
def test_it_is_within_a_tenth_for_pictures_that_are_mostly_flat(
    sampled: None, draw: Callable[[], bytes], format_name: str
) -> None:
    data = draw()
    pipeline = Pipeline.parse([step("brightness", amount=0)], format=format_name)
    assert estimate(data, pipeline) == pytest.approx(size_of(data, pipeline), rel=0.1)


def test_details_outside_of_all_pieces_prevent_an_estimate(sampled: None) -> None:
    assert estimate(drawing(), Pipeline.parse([step("flip")], format="webp")) is None


@pytest.mark.parametrize("draw", [screenshot, gradient])
@pytest.mark.parametrize(
    "options",
    [
        {"format": "png"},
        {"format": "tiff"},
        {"format": "gif"},
        {"format": "webp", "lossless": True},
    ],
)
def test_a_lossless_file_is_exact(
    sampled: None, draw: Callable[[], bytes], options: dict[str, Any]
) -> None:
    data = draw()
    pipeline = Pipeline.parse([step("flip")], **options)
    assert estimate(data, pipeline) == size_of(data, pipeline)


@pytest.mark.parametrize(
    ("options", "width"),
    [
        ({"format": "png"}, 6000),
        ({"format": "gif"}, 3000),
        ({"format": "webp", "lossless": True}, 4000),
    ],
)
def test_a_file_that_takes_long_to_encode_has_no_estimate(
    options: dict[str, Any], width: int
) -> None:
    pipeline = Pipeline.parse([step("flip")], **options)

    def has_one(width: int) -> bool:
        facts = Facts("JPEG", width, width * 2 // 3, "RGB", size_bytes=1_000_000)
        return has_estimate(facts, plan(facts, pipeline, LIMITS), pipeline.output)

    assert has_one(width * 2 // 3)
    assert not has_one(width)


@pytest.mark.parametrize("options", [{"quality": 40}, {"quality": "auto"}, {"metadata": "keep"}])
def test_a_small_result_is_exact(options: dict[str, Any]) -> None:
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
