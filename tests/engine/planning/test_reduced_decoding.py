"""Sources are decoded smaller, or in gray only, if the result needs no more."""

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from image_processor.engine import Facts, Pipeline, inspect, plan, render
from tests.engine.builders import LIMITS, encoded, image_of, opened, photo, run, step
from tests.engine.pixels.test_resample import cat, psnr


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_smart_thumbnail_decodes_reduced(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(opened(photo("rocket.jpg")).resize((2400, 1600)), "JPEG", exif=exif)
    steps = [step("mirror"), step("resize", width=200, height=200, fit="cover", anchor="smart")]
    pipeline = Pipeline.parse(steps, format="png")
    planned = plan(inspect(data, LIMITS), pipeline, LIMITS)
    assert (planned.decode_scale, planned.stages[-1].work.name) == (4, "resize")
    assert image_of(run(data, *steps, format="png")).size == (200, 200)


GRAY = [step("apply_filter", grayscale=True)]


@pytest.mark.parametrize(
    "steps",
    [
        [step("grayscale")],
        [step("resize", width=300), *GRAY],
        [*GRAY, step("resize", width=300)],
        [step("rotate", degrees=90), step("crop", aspect="1:1"), *GRAY, step("invert")],
        [*GRAY, step("sepia")],
    ],
)
def test_gray_from_luma_alone_equals_gray_from_colours(steps: list[dict[str, Any]]) -> None:
    """A level or two may differ, because colours outside of sRGB are clipped before gray."""
    data = encoded(cat(), "JPEG", quality=90)
    facts = inspect(data, LIMITS)
    pipeline = Pipeline.parse(steps, format="png")
    assert plan(facts, pipeline, LIMITS).decoded.mode == "L"
    alone = opened(data).convert("RGB")
    for operation in pipeline.operations:
        alone = operation.apply(alone)
    result = image_of(render(data, facts, pipeline, LIMITS))
    assert result.mode == alone.mode
    assert psnr(result, alone) > 45


CAMERA = Facts("JPEG", 4000, 3000, "RGB", 4_300_000)


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        (CAMERA, [step("sepia"), *GRAY]),
        (CAMERA, [step("blur"), *GRAY]),
        (CAMERA, [step("rotate", degrees=5), *GRAY]),
        (CAMERA, [step("grayscale", amount=0.9)]),
        (CAMERA, [step("watermark", text="a"), *GRAY]),
        (CAMERA, [step("flip")]),
        (replace(CAMERA, icc_profile="Display P3"), GRAY),
        (replace(CAMERA, mode="CMYK"), GRAY),
        (replace(CAMERA, format="PNG"), GRAY),
    ],
)
def test_colours_are_decoded_if_a_step_uses_them(facts: Facts, steps: list[dict[str, Any]]) -> None:
    planned = plan(facts, Pipeline.parse(steps), LIMITS)
    assert planned.decoded.mode in ("RGB", "RGBA")


@pytest.mark.parametrize(
    ("steps", "scale"),
    [
        ([step("crop", x=1001, y=333, width=1600, height=1200), step("resize", width=200)], 4),
        ([step("mirror"), step("crop", aspect="1:1"), step("resize", width=700)], 2),
        ([step("rotate", degrees=90), step("crop", aspect="4:3"), step("resize", width=140)], 8),
        ([step("resize", width=400), step("crop", aspect="1:1")], 4),
        ([step("grayscale", amount=0.5), step("resize", width=400)], 4),
    ],
)
def test_a_source_decoded_reduced_gives_the_same_picture(
    steps: list[dict[str, Any]], scale: int
) -> None:
    data = encoded(opened(photo("rocket.jpg")).resize((4000, 3000)), "JPEG", quality=90)
    facts = inspect(data, LIMITS)
    pipeline = Pipeline.parse(steps, format="png")
    planned = plan(facts, pipeline, LIMITS)
    assert planned.decode_scale == scale
    alone = opened(data)
    for operation in pipeline.operations:
        alone = operation.apply(alone)
    assert psnr(image_of(render(data, facts, pipeline, LIMITS)), alone) > 38
