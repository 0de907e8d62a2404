"""Fusion moves a step only where the pixels stay the same."""

from typing import Any

import pytest
from PIL import Image

from image_processor.engine import Pipeline, inspect, plan
from image_processor.engine.frame import Frame
from image_processor.engine.planning.planner import replan
from tests.engine.builders import LIMITS, encoded, image_of, run, step
from tests.engine.pixels.test_resample import cat
from tests.engine.planning.fused_stages import (
    MODES,
    apply_alone_and_fused,
    equal,
    largest_difference,
)


@pytest.mark.parametrize(
    "barrier",
    [
        step("auto_contrast", cutoff=1),
        step("equalize"),
        step("watermark", text="abc"),
        step("crop", width=200, height=180, anchor="smart"),
        step("resize", width=200, height=180, fit="cover", anchor="smart"),
        step("pixelate", size=7),
        step("vignette"),
    ],
)
def test_no_step_moves_across_one_that_cannot_be_fused(barrier: dict[str, Any]) -> None:
    turn, cut = step("mirror"), step("crop", x=5, y=4, width=150, height=120)
    steps = [turn, step("invert"), barrier, cut, turn, step("solarize"), step("invert")]
    alone, together, stages = apply_alone_and_fused(cat(), steps)
    assert equal(alone, together)
    assert stages == ["geometry", "colours", barrier["operation"], "geometry", "colours"]


def test_steps_after_a_trim_are_planned_and_fused_once_its_size_is_known() -> None:
    image = Image.new("RGB", (700, 500), "white")
    image.paste(cat(), (60, 40))
    steps = [
        step("mirror"),
        step("trim"),
        step("rotate", degrees=90),
        step("crop", aspect="1:1", anchor="northwest"),
        step("invert"),
        step("solarize"),
        step("trim"),
        step("flip"),
        step("resize", width=120),
    ]
    pipeline = Pipeline.parse(steps, format="png")
    data = encoded(image, "PNG")
    planned = plan(inspect(data, LIMITS), pipeline, LIMITS)
    names = [stage.work.name for stage in planned.stages]
    assert names == ["geometry", *(s["operation"] for s in steps[1:])]
    assert planned.stages[1].rest[0].pointer == "/transformations/2/params"
    facts = inspect(data, LIMITS)
    known = replan(planned, 2, Frame(451, 300, "RGB"), facts, pipeline, LIMITS)
    names = [stage.work.name for stage in known.stages]
    assert names == ["geometry", "trim", "geometry", "colours", "trim", "flip", "resize"]
    alone = image
    for operation in pipeline.operations:
        alone = operation.apply(alone)
    assert largest_difference(image_of(run(data, *steps, format="png")), alone) <= 2


def test_a_neighbourhood_operation_ends_a_run_of_colours() -> None:
    steps = [step("sepia"), step("invert"), step("blur"), step("invert"), step("sepia")]
    alone, together, stages = apply_alone_and_fused(cat(), steps)
    assert equal(alone, together)
    assert stages == ["colours", "blur", "colours"]


@pytest.mark.parametrize("mode", MODES)
def test_crops_and_turns_move_before_colours(mode: str) -> None:
    steps = [
        step("blur", radius=1),
        step("sepia"),
        step("crop", x=9, y=8, width=40, height=30),
        step("invert"),
        step("rotate", degrees=270),
        step("grayscale", amount=0.5),
    ]
    alone, together, stages = apply_alone_and_fused(cat(mode), steps)
    assert largest_difference(alone, together) <= 1
    assert stages == ["blur", "geometry", "colours"]


def test_resizing_stays_behind_colours() -> None:
    steps = [step("apply_filter", posterize=True), step("resize", width=99)]
    alone, together, stages = apply_alone_and_fused(cat(), steps)
    assert equal(alone, together)
    assert stages == ["colours", "geometry"]
