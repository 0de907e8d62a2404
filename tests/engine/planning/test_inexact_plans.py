"""Steps after one whose result size depends on the pixels: planned again once it is known."""

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from image_processor.engine import (
    CanvasTooSmall,
    CropOutsideImage,
    OutputTooLarge,
    Overlay,
    Pipeline,
    TooMuchMemory,
    inspect,
    plan,
    render,
)
from image_processor.engine.frame import Frame
from image_processor.engine.planning.planner import replan
from tests.engine.builders import LIMITS, encoded, image_of, run, step


def card(inner: tuple[int, int], outer: tuple[int, int] = (400, 300)) -> bytes:
    """A dark rectangle of `inner` pixels on white ones of `outer`."""
    image = Image.new("RGB", outer, "white")
    image.paste((40, 60, 80), (20, 10, 20 + inner[0], 10 + inner[1]))
    return encoded(image, "PNG")


def test_a_plan_says_whether_it_is_exact() -> None:
    facts = inspect(card((50, 40)), LIMITS)
    trimmed = plan(facts, Pipeline.parse([step("trim"), step("flip")]), LIMITS)
    assert (trimmed.exact, trimmed.width, trimmed.height) == (False, 400, 300)
    assert trimmed.to_dict()["exact"] is False
    assert plan(facts, Pipeline.parse([step("flip")]), LIMITS).exact


@pytest.mark.parametrize(
    ("steps", "size"),
    [
        ([], (50, 40)),
        ([step("flip"), step("rotate", degrees=90)], (40, 50)),
        ([step("resize", width=100)], (100, 80)),
        ([step("resize", width=100, height=100)], (100, 100)),
        ([step("crop", x=10, y=10, width=40, height=30)], (40, 30)),
        ([step("crop", aspect="1:1")], (40, 40)),
        ([step("pad", width=60, height=60)], (60, 60)),
        ([step("round_corners", radius=20)], (50, 40)),
        ([step("border", width=3, color="red"), step("trim", tolerance=0)], (50, 40)),
        ([step("grayscale"), step("sepia")], (50, 40)),
        ([step("auto_contrast"), step("trim"), step("resize", height=20)], (25, 20)),
        ([step("resize", height=400), step("crop", width=450, height=300)], (450, 300)),
    ],
)
def test_later_steps_run_on_the_trimmed_picture(
    steps: list[dict[str, Any]], size: tuple[int, int]
) -> None:
    result = run(card((50, 40)), step("trim"), *steps)
    assert image_of(result).size == (result.width, result.height) == size


@pytest.mark.parametrize(
    ("steps", "error", "place"),
    [
        ([step("crop", x=0, y=0, width=51, height=10)], CropOutsideImage, "1/params/width"),
        ([step("flip"), step("crop", width=20, height=41)], CropOutsideImage, "2/params/height"),
        ([step("pad", width=49)], CanvasTooSmall, "1/params/width"),
        (
            [step("trim"), step("crop", x=99, y=0, width=1, height=1)],
            CropOutsideImage,
            "2/params/x",
        ),
    ],
)
def test_steps_that_do_not_fit_are_refused_once_the_size_is_known(
    steps: list[dict[str, Any]], error: type, place: str
) -> None:
    with pytest.raises(error, match="50x40") as caught:
        run(card((50, 40)), step("trim"), *steps)
    assert caught.value.pointer == f"/transformations/{place}"
    assert caught.value.status == 422


def test_a_step_that_fits_only_after_trimming_is_accepted() -> None:
    result = run(card((50, 40)), step("trim"), step("pad", width=80, height=70))
    assert (result.width, result.height) == (80, 70)


def test_a_result_that_turns_out_too_long_is_refused() -> None:
    thin = card((300, 2))
    with pytest.raises(OutputTooLarge) as caught:
        run(thin, step("trim"), step("resize", height=200))
    assert caught.value.pointer == "/transformations/1/params"
    with pytest.raises(OutputTooLarge, match="WEBP") as caught:
        run(card((200, 1)), step("trim"), step("resize", width=16_384, height=9), format="webp")
    assert caught.value.limit == 16_383


def test_a_result_that_turns_out_to_take_too_much_memory_is_refused() -> None:
    data = card((2, 280))
    limits = replace(LIMITS, max_memory_bytes=20_000_000)
    pipeline = Pipeline.parse([step("trim"), step("resize", width=100), step("blur")])
    facts = inspect(data, limits)
    plan(facts, pipeline, limits)
    with pytest.raises(TooMuchMemory) as caught:
        render(data, facts, pipeline, limits)
    assert caught.value.limit == 20_000_000


def test_the_file_of_an_overlay_counts_when_the_size_is_known() -> None:
    """The file is still in memory. Here turning the picture takes the most memory."""
    data = card((20, 280))
    facts, mark = inspect(data, LIMITS), inspect(card((2, 2), (9, 9)), LIMITS)
    steps = [
        step("trim"),
        step("resize", width=1000),
        step("watermark", image_id=1),
        step("rotate", degrees=5),
    ]
    peaks = []
    for more in (0, 5_000_000):
        overlay = Overlay(replace(mark, size_bytes=mark.size_bytes + more))
        pipeline = Pipeline.parse(steps).with_overlays({1: overlay})
        planned = plan(facts, pipeline, LIMITS)
        tight = replace(LIMITS, max_memory_bytes=1)
        with pytest.raises(TooMuchMemory) as caught:
            replan(planned, 1, Frame(20, 280, "RGB"), facts, pipeline, tight)
        peaks.append(caught.value.actual)
    assert peaks[1] - peaks[0] == 5_000_000


def test_progress_grows_through_content_dependent_steps() -> None:
    frames = [Image.new("RGB", (40, 30), (number * 40, 90, 90)) for number in range(3)]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    steps = [step("flip"), step("auto_contrast"), step("mirror"), step("trim"), step("blur")]
    seen: list[float] = []
    pipeline = Pipeline.parse(steps, format="webp")
    render(data, inspect(data, LIMITS), pipeline, LIMITS, checkpoint=seen.append)
    assert seen == sorted(seen)
    assert len(seen) > 9
    assert seen[-1] == 0.9
