"""The focal point of a picture is written into the steps that need it."""

import json
from typing import Any

import pytest

from image_processor.engine import Facts, Pipeline, inspect, render
from tests.engine.builders import LIMITS, corners, encoded, image_of, quadrants, step

SQUARE = step("crop", width=20, height=20, anchor="focal")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return inspect(encoded(quadrants(100, 80), "PNG"), LIMITS)


def focal(pipeline: Pipeline) -> list[tuple[float, float]]:
    params = [entry["params"] for entry in pipeline.canonical()["steps"]]
    return [(entry["focal_x"], entry["focal_y"]) for entry in params if "focal_x" in entry]


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([SQUARE], (0.25, 0.75)),
        ([step("resize", width=50, height=50, fit="cover", anchor="focal")], (0.25, 0.75)),
        ([step("grayscale"), step("resize", width=30), SQUARE], (0.25, 0.75)),
        ([step("crop", x=0, y=40, width=50, height=40), SQUARE], (0.5, 0.5)),
        ([step("crop", x=50, y=0, width=50, height=80), SQUARE], (0.0, 0.75)),
        ([step("resize", width=80, height=80, fit="cover"), SQUARE], (0.1875, 0.75)),
        ([step("flip"), SQUARE], (0.25, 0.25)),
        ([step("mirror"), SQUARE], (0.75, 0.75)),
        ([step("rotate", degrees=90), SQUARE], (0.25, 0.25)),
        ([step("rotate", degrees=-90), SQUARE], (0.75, 0.75)),
        ([step("rotate", degrees=180), SQUARE], (0.75, 0.25)),
        ([step("rotate", degrees=90, expand=False), SQUARE], (0.3, 0.1875)),
        ([step("pad", left=100), SQUARE], (0.625, 0.75)),
        ([step("pad", height=160), SQUARE], (0.25, 0.625)),
        ([step("border", width=10), SQUARE], (35 / 120, 70 / 100)),
        ([step("crop", x=0, y=40, width=50, height=40), step("pad", left=50), SQUARE], (0.75, 0.5)),
    ],
)
def test_earlier_steps_move_the_point(
    facts: Facts, steps: list[dict[str, Any]], wanted: tuple[float, float]
) -> None:
    resolved = Pipeline.parse(steps).with_focal_point(facts, focal_point={"x": 0.25, "y": 0.75})
    assert focal(resolved) == [pytest.approx(wanted)]


def test_every_step_gets_the_point_as_moved_by_the_steps_before(facts: Facts) -> None:
    steps = [step("crop", width=50, height=40, anchor="focal"), SQUARE]
    resolved = Pipeline.parse(steps).with_focal_point(facts, focal_point={"x": 0.1, "y": 0.5})
    assert focal(resolved) == [(0.1, 0.5), pytest.approx((0.2, 0.5))]


def test_the_centre_where_there_is_no_point(facts: Facts) -> None:
    assert focal(Pipeline.parse([SQUARE]).with_focal_point(facts)) == [(0.5, 0.5)]


def test_a_point_of_the_request_stays(facts: Facts) -> None:
    asked = step("crop", aspect="1:1", anchor="focal", focal_x=0.2, focal_y=0.3)
    resolved = Pipeline.parse([asked]).with_focal_point(facts, focal_point={"x": 0.9, "y": 0.9})
    assert focal(resolved) == [(0.2, 0.3)]


def test_the_point_is_part_of_the_canonical_form_only_if_a_step_uses_it(facts: Facts) -> None:
    points: list[Any] = [None, {"x": 0.2, "y": 0.2}]
    for steps, differ in (([SQUARE], True), ([step("crop", aspect="1:1")], False)):
        pipeline = Pipeline.parse(steps)
        left, right = (pipeline.with_focal_point(facts, focal_point=point) for point in points)
        assert (left.canonical() != right.canonical()) is differ
        assert left.steps == pipeline.steps


def test_the_canonical_form_carries_the_point_to_the_pixels(facts: Facts) -> None:
    data = encoded(quadrants(100, 80), "PNG")
    resolved = Pipeline.parse([SQUARE]).with_focal_point(facts, focal_point={"x": 0.9, "y": 0.1})
    stored = Pipeline.from_canonical(json.loads(json.dumps(resolved.canonical())))
    assert stored.canonical() == resolved.canonical()
    assert set(corners(image_of(render(data, facts, stored, LIMITS)))) == {(0, 255, 0)}


@pytest.mark.parametrize("point", [{"x": 1.1, "y": 0.5}, {"x": 0.5, "y": -0.1}])
def test_a_point_outside_is_refused(facts: Facts, point: Any) -> None:
    with pytest.raises(ValueError, match=r"outside of 0\.\.1"):
        Pipeline.parse([SQUARE]).with_focal_point(facts, focal_point=point)
