"""The estimated size of a result's file against the file."""

from __future__ import annotations

from typing import Any

import pytest

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
    monkeypatch.setattr(size_estimate, "_STRIP_PIXELS", 250_000)


@pytest.mark.parametrize(
    "name", ["rocket.jpg", pytest.param("chelsea.png", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("format_name", ["jpeg", "png", "webp", "avif", "gif", "tiff"])
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


def test_a_lossless_file_may_exceed_its_limit(sampled: None) -> None:
    data = large("rocket.jpg")
    pipeline = Pipeline.parse([step("compress", max_bytes=30_000)], format="png")
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
    monkeypatch.setattr(size_estimate, "_MAX_COST", 1.2)
    assert has_estimate(facts, planned, Output())
    assert not has_estimate(facts, planned, Output(quality="auto"))
