"""Limits on the number of frames and on the total work."""

from dataclasses import replace

import pytest
from django.conf import LazySettings
from PIL import Image

from image_processor import configured_limits
from image_processor.engine import (
    Facts,
    Limits,
    Pipeline,
    TooManyFrames,
    TooMuchWork,
    inspect,
    plan,
)
from tests.engine import hostile
from tests.engine.builders import LIMITS, animation, encoded, gradient, step

CAMERA = Facts("JPEG", 4000, 3000, "RGB", 4_300_000)
ANIMATION = Facts("GIF", 8, 8, "RGB", 1_000, frames=1_000)
FLIP = Pipeline.parse([step("flip")])


@pytest.mark.parametrize("format_name", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_has_a_limited_number_of_frames(format_name: str) -> None:
    data = animation(format_name, 5)
    assert inspect(data, replace(LIMITS, max_frames=5)).frames == 5
    with pytest.raises(TooManyFrames) as caught:
        inspect(data, replace(LIMITS, max_frames=4))
    error = caught.value
    assert (error.code, error.status, error.limit, error.actual) == ("too_many_frames", 422, 4, 5)


def test_very_many_tiny_frames_are_refused() -> None:
    with pytest.raises(TooManyFrames) as caught:
        inspect(hostile.gif(1, 1, 100_000), LIMITS)
    assert (caught.value.limit, caught.value.actual) == (1_000, 100_000)


def test_pages_do_not_count_as_only_one_is_read() -> None:
    data = encoded(gradient(), "TIFF", save_all=True, append_images=[gradient()] * 2)
    assert inspect(data, replace(LIMITS, max_frames=1)).frames == 3


def test_each_frame_takes_memory_and_work_however_small_it_is() -> None:
    one = plan(replace(ANIMATION, frames=2), FLIP, LIMITS)
    many = plan(ANIMATION, FLIP, LIMITS)
    assert many.peak_bytes - one.peak_bytes >= 998 * 1_000
    assert many.cost >= 2.5


def test_excessive_work_is_refused_with_both_figures() -> None:
    pipeline = Pipeline.parse([step("blur", radius=5)])
    cost = plan(CAMERA, pipeline, LIMITS).cost
    assert plan(CAMERA, pipeline, replace(LIMITS, max_cost=cost)).cost == cost
    with pytest.raises(TooMuchWork) as caught:
        plan(CAMERA, pipeline, replace(LIMITS, max_cost=cost - 0.001))
    error = caught.value
    assert (error.code, error.status, error.pointer) == ("too_much_work", 422, "/transformations")
    assert (error.limit, error.actual) == (cost - 0.001, cost)


def test_the_default_limit_allows_usual_work_only() -> None:
    search = [step("compress", max_bytes=200_000)]
    assert plan(CAMERA, Pipeline.parse(search, format="avif"), LIMITS).queue == "heavy"
    largest = replace(CAMERA, width=10_000, height=5_000)
    with pytest.raises(TooMuchWork):
        plan(
            largest, Pipeline.parse(search, format="avif"), replace(LIMITS, max_memory_bytes=2**40)
        )


def test_the_limits_are_those_of_the_settings(settings: LazySettings) -> None:
    assert (
        Limits().max_frames,
        Limits().max_cost,
    ) == (settings.IMAGE_MAX_FRAMES, settings.TASK_MAX_COST)
    settings.IMAGE_MAX_FRAMES, settings.TASK_MAX_COST = 7, 9
    assert (configured_limits.limits().max_frames, configured_limits.limits().max_cost) == (7, 9)


def test_a_single_picture_passes_a_limit_of_one_frame() -> None:
    data = encoded(Image.new("RGB", (8, 8)), "GIF")
    assert inspect(data, replace(LIMITS, max_frames=1)).frames == 1
