"""Sizes, places and pixels of crop, resize, rotate, flip and mirror."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import CropOutsideImage, OutputTooLarge, Pipeline, inspect, plan
from image_processor.engine.frame import Frame
from image_processor.engine.operations.geometry.crop import Crop
from image_processor.engine.operations.geometry.resize import Resize
from image_processor.engine.operations.geometry.rotate import Rotate
from tests.engine.builders import (
    BLUE,
    GREEN,
    LIMITS,
    RED,
    WHITE,
    corners,
    encoded,
    image_of,
    quadrants,
    run,
    step,
)


@pytest.mark.parametrize(
    ("params", "size", "wanted"),
    [
        ({"width": 200}, (400, 300), (200, 150)),
        ({"height": 150}, (400, 300), (200, 150)),
        ({"width": 100}, (3, 7), (100, 233)),
        ({"width": 201}, (400, 300), (201, 151)),
        ({"height": 100}, (3, 7), (43, 100)),
        ({"width": 1}, (400, 3), (1, 1)),
        ({"scale": 50}, (400, 301), (200, 150)),
        ({"scale": 12.5}, (400, 300), (50, 38)),
        ({"scale": 1}, (40, 300), (1, 3)),
        ({"scale": 200}, (400, 300), (800, 600)),
        ({"scale": 200, "upscale": False}, (400, 300), (400, 300)),
        ({"width": 123, "height": 457}, (400, 300), (123, 457)),
        ({"width": 200, "height": 200, "fit": "contain"}, (400, 300), (200, 150)),
        ({"width": 800, "height": 900, "fit": "contain"}, (400, 300), (800, 600)),
        ({"width": 200, "height": 200, "fit": "cover"}, (400, 300), (200, 200)),
        ({"width": 999, "height": 7, "fit": "cover"}, (400, 300), (999, 7)),
        ({"width": 200, "height": 200, "fit": "inside"}, (400, 300), (200, 150)),
        ({"width": 800, "height": 900, "fit": "inside"}, (400, 300), (400, 300)),
        ({"width": 200, "height": 200, "fit": "outside"}, (400, 300), (400, 300)),
        ({"width": 800, "height": 900, "fit": "outside"}, (400, 300), (1200, 900)),
        ({"width": 800, "fit": "inside"}, (400, 300), (400, 300)),
        ({"width": 800, "upscale": False}, (400, 300), (400, 300)),
        ({"width": 800, "height": 100, "upscale": False}, (400, 300), (400, 100)),
        ({"width": 800, "height": 100, "fit": "cover", "upscale": False}, (400, 300), (400, 100)),
        ({"width": 800, "height": 800, "fit": "cover", "upscale": False}, (400, 300), (400, 300)),
    ],
)
def test_resize_sizes(
    params: dict[str, Any], size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    frame = Resize(**params).plan(Frame(*size, "RGB"))
    assert (frame.width, frame.height) == wanted


@pytest.mark.parametrize("size", [(4001, 3001), (1999, 1333), (801, 7), (16, 16)])
@pytest.mark.parametrize(
    "params", [{"width": 77}, {"height": 77}, {"width": 77, "height": 33}, {"scale": 9}]
)
def test_a_reduced_decode_gives_the_planned_size(
    params: dict[str, int], size: tuple[int, int]
) -> None:
    data = encoded(quadrants(*size), "JPEG")
    planned = plan(inspect(data, LIMITS), Pipeline.parse([step("resize", **params)]), LIMITS)
    result = run(data, step("resize", **params))
    assert image_of(result).size == (planned.width, planned.height)


@pytest.mark.parametrize(
    ("anchor", "wanted"),
    [("west", [RED, RED, BLUE, BLUE]), ("east", [GREEN, GREEN, WHITE, WHITE])],
)
def test_cover_keeps_what_the_anchor_says(anchor: str, wanted: list[tuple[int, ...]]) -> None:
    data = encoded(quadrants(80, 40), "PNG")
    result = run(data, step("resize", width=10, height=20, fit="cover", anchor=anchor))
    assert corners(image_of(result)) == wanted


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"x": 10, "y": 20, "width": 30, "height": 40}, (10, 20, 40, 60)),
        ({"x": 0, "y": 0, "width": 101, "height": 81}, (0, 0, 101, 81)),
        ({"width": 51, "height": 41}, (25, 20, 76, 61)),
        ({"width": 51, "height": 41, "anchor": "northwest"}, (0, 0, 51, 41)),
        ({"width": 51, "height": 41, "anchor": "southeast"}, (50, 40, 101, 81)),
        ({"aspect": "1:1"}, (10, 0, 91, 81)),
        ({"aspect": "1:1", "anchor": "west"}, (0, 0, 81, 81)),
        ({"aspect": "2:1", "anchor": "south"}, (0, 31, 101, 81)),
        ({"aspect": "99999:1"}, (0, 40, 101, 41)),
    ],
)
def test_crop_rectangles(params: dict[str, Any], wanted: tuple[int, ...]) -> None:
    crop, frame = Crop(**params), Frame(101, 81, "RGB")
    assert crop._box(frame) == wanted
    assert crop.plan(frame) == Frame(wanted[2] - wanted[0], wanted[3] - wanted[1], "RGB")


@pytest.mark.parametrize(
    ("params", "pointer", "limit", "actual"),
    [
        ({"x": 101, "y": 0, "width": 1, "height": 1}, "/x", 100, 101),
        ({"x": 0, "y": 81, "width": 1, "height": 1}, "/y", 80, 81),
        ({"x": 60, "y": 0, "width": 42, "height": 1}, "/width", 41, 42),
        ({"x": 0, "y": 80, "width": 1, "height": 2}, "/height", 1, 2),
        ({"width": 102, "height": 10}, "/width", 101, 102),
        ({"width": 10, "height": 82, "anchor": "south"}, "/height", 81, 82),
    ],
)
def test_a_crop_outside_is_refused_with_the_size(
    params: dict[str, Any], pointer: str, limit: int, actual: int
) -> None:
    facts = inspect(encoded(quadrants(101, 81), "PNG"), LIMITS)
    pipeline = Pipeline.parse([step("flip"), step("crop", **params)])
    with pytest.raises(CropOutsideImage, match="101x81") as caught:
        plan(facts, pipeline, LIMITS)
    error = caught.value
    assert (error.pointer, error.limit, error.actual) == (
        f"/transformations/1/params{pointer}",
        limit,
        actual,
    )
    assert error.status == 422


def test_a_crop_sees_the_size_that_earlier_steps_left() -> None:
    facts = inspect(encoded(quadrants(100, 80), "PNG"), LIMITS)
    steps = [step("resize", width=50), step("crop", x=0, y=0, width=60, height=10)]
    with pytest.raises(CropOutsideImage, match="50x40"):
        plan(facts, Pipeline.parse(steps), LIMITS)


@pytest.mark.parametrize(
    ("degrees", "wanted"),
    [
        (0, [RED, GREEN, BLUE, WHITE]),
        (90, [BLUE, RED, WHITE, GREEN]),
        (-270, [BLUE, RED, WHITE, GREEN]),
        (180, [WHITE, BLUE, GREEN, RED]),
        (270, [GREEN, WHITE, RED, BLUE]),
        (360, [RED, GREEN, BLUE, WHITE]),
    ],
)
def test_quarter_turns_are_clockwise_and_lose_nothing(
    degrees: float, wanted: list[tuple[int, ...]]
) -> None:
    source = quadrants()
    image = image_of(run(encoded(source, "PNG"), step("rotate", degrees=degrees)))
    assert corners(image) == wanted
    assert sorted(image.getcolors() or []) == sorted(source.getcolors() or [])


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"degrees": 45}, (71, 71)),
        ({"degrees": -45}, (71, 71)),
        ({"degrees": 30}, (72, 65)),
        ({"degrees": 90}, (40, 60)),
        ({"degrees": 90, "expand": False}, (60, 40)),
        ({"degrees": 30, "expand": False}, (60, 40)),
    ],
)
def test_rotate_sizes(params: dict[str, Any], wanted: tuple[int, int]) -> None:
    frame = Rotate(**params).plan(Frame(60, 40, "RGB"))
    assert (frame.width, frame.height) == wanted
    image = image_of(run(encoded(quadrants(), "PNG"), step("rotate", **params)))
    assert image.size == wanted


def test_a_free_angle_turns_clockwise_about_the_centre() -> None:
    source = Image.new("RGB", (101, 101), "white")
    source.paste((0, 0, 0), (48, 0, 53, 30))  # a hand that points to twelve
    image = image_of(run(encoded(source, "PNG"), step("rotate", degrees=45, expand=False)))
    dark = np.argwhere(np.asarray(image.convert("L")) < 60)
    alpha = np.asarray(image.getchannel("A"))
    inside = [place for place in dark if alpha[tuple(place)] == 255]
    row, column = np.mean(inside, axis=0)
    assert row < 45
    assert column > 55


def test_corners_are_clear_or_in_the_background() -> None:
    data = encoded(quadrants(), "PNG")
    clear = image_of(run(data, step("rotate", degrees=30)))
    assert (clear.mode, clear.getpixel((0, 0))[3]) == ("RGBA", 0)  # type: ignore[index]
    white = image_of(run(data, step("rotate", degrees=30), format="jpeg"))
    assert min(white.getpixel((0, 0))) > 250  # type: ignore[type-var, arg-type]
    filled = image_of(run(data, step("rotate", degrees=30, background="#123456")))
    assert (filled.mode, filled.getpixel((0, 0))) == ("RGB", (0x12, 0x34, 0x56))


def test_flip_and_mirror() -> None:
    data = encoded(quadrants(), "PNG")
    assert corners(image_of(run(data, step("flip")))) == [BLUE, WHITE, RED, GREEN]
    assert corners(image_of(run(data, step("mirror")))) == [GREEN, RED, WHITE, BLUE]


@pytest.mark.parametrize(
    ("steps", "index"),
    [
        ([step("resize", height=16_384)], 0),
        ([step("flip"), step("resize", width=16_384, height=999), step("rotate", degrees=1)], 2),
    ],
)
def test_an_output_beyond_the_limit_is_refused(steps: list[dict[str, Any]], index: int) -> None:
    facts = inspect(encoded(quadrants(100, 20), "PNG"), LIMITS)
    with pytest.raises(OutputTooLarge) as caught:
        plan(facts, Pipeline.parse(steps), LIMITS)
    assert caught.value.pointer == f"/transformations/{index}/params"
    assert caught.value.limit == LIMITS.max_output_side
    assert caught.value.actual > LIMITS.max_output_side
