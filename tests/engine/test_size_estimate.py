"""The estimated size of a result's file against the file."""

from __future__ import annotations

import pytest

from image_processor.engine import Facts, Pipeline, estimate_bytes, inspect, render, size_estimate
from tests.engine.builders import LIMITS, animation, encoded, opened, photo, step

NAMES = ["rocket.jpg", "chelsea.png"]


def large(name: str) -> bytes:
    """A photograph of 1.5 megapixels."""
    image = opened(photo(name)).convert("RGB")
    return encoded(image.resize((1500, 1000)), "PNG", compress_level=1)


def estimate(data: bytes, pipeline: Pipeline) -> int | None:
    return estimate_bytes(data, inspect(data, LIMITS), pipeline, LIMITS)


def size_of(data: bytes, pipeline: Pipeline) -> int:
    return len(render(data, inspect(data, LIMITS), pipeline, LIMITS).data)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format_name", ["jpeg", "png", "webp", "avif", "gif", "tiff"])
def test_it_is_within_a_tenth_although_only_a_part_is_encoded(
    name: str, format_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size_estimate, "_WHOLE_PIXELS", 400_000)
    monkeypatch.setattr(size_estimate, "_SAMPLE_PIXELS", 400_000)
    data = large(name)
    pipeline = Pipeline.parse([step("resize", scale=80)], format=format_name)
    assert estimate(data, pipeline) == pytest.approx(size_of(data, pipeline), rel=0.1)


@pytest.mark.parametrize("options", [{"quality": 40}, {"quality": "auto"}, {"metadata": "keep"}])
def test_a_small_result_is_exact(options: dict[str, object]) -> None:
    data = photo("rocket.jpg")
    pipeline = Pipeline.parse([step("flip")], format="webp", **options)
    assert estimate(data, pipeline) == size_of(data, pipeline)


def test_it_is_at_most_the_limit_of_the_file() -> None:
    pipeline = Pipeline.parse([step("compress", max_bytes=20_000)], format="jpeg")
    assert estimate(photo("rocket.jpg"), pipeline) == 20_000


def test_an_animation_has_no_estimate() -> None:
    data = animation("GIF")
    assert estimate(data, Pipeline.parse([step("flip")])) is None


def test_work_that_takes_long_has_no_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = Facts.from_dict(inspect(photo("rocket.jpg"), LIMITS).to_dict())
    pipeline = Pipeline.parse([step("oil_painting")])
    monkeypatch.setattr(size_estimate, "_MAX_COST", 0.1)
    assert estimate_bytes(b"never opened", facts, pipeline, LIMITS) is None
