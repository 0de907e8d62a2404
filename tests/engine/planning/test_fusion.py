"""Fused stages give the pixels of the single steps."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import Facts, Pipeline, inspect, plan, render
from image_processor.engine.frame import Frame
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.capabilities import FusesColour, FusesGeometry
from image_processor.engine.pixels.colour_steps import ColourRun, Curve, Luma, Weights, fuse_steps
from image_processor.engine.pixels.fused_geometry import Geometry
from image_processor.engine.pixels.turn import Turn
from image_processor.engine.planning.fusion import fuse
from image_processor.engine.planning.planner import replan
from image_processor.engine.planning.steps import Step
from tests.engine.builders import (
    LIMITS,
    encoded,
    gradient,
    image_of,
    opened,
    photo,
    run,
    step,
)
from tests.engine.pixels.test_resample import cat, psnr

TURNS = [step("flip"), step("mirror"), *(step("rotate", degrees=d) for d in (90, 180, 270))]
CURVES = [
    step("invert"),
    step("invert", amount=0.3),
    step("apply_filter", posterize=True),
    step("apply_filter", solarize=True),
    step("apply_filter", solarize=True, posterize=True, invert=True),
    step("brightness", amount=-30),
    step("contrast", amount=45),
    step("gamma", amount=1.7),
    step("posterize", levels=5),
    step("solarize", threshold=90),
]
# One table for each channel: what was gray is coloured then.
TINTS = [
    step("tint", color="#c06010", amount=0.8),
    step("temperature", amount=60),
    step("temperature", amount=-100),
]
MIXES = [
    step("sepia"),
    step("sepia", amount=0.4),
    step("grayscale", amount=0.5),
    step("apply_filter", sepia=True, invert=True),
    step("saturation", amount=-35),
    step("saturation", amount=-100),
    step("hue", amount=0),
    step("duotone", shadows="#1a1a5e", highlights="#ffd9a0", amount=0.5),
]
# They cut colours off, or tell apart what is alike.
STRONG = [
    step("saturation", amount=80),
    step("hue", amount=130),
    step("sepia"),
    step("brightness", amount=60),
    step("gamma", amount=2.5),
    step("posterize", levels=3),
    step("grayscale"),
]
MODES = ("L", "LA", "RGB", "RGBA")


def both(
    image: Image.Image, steps: list[dict[str, Any]]
) -> tuple[Image.Image, Image.Image, list[str]]:
    """The result of the single steps, that of the fused stages, and the names of the stages."""
    alone, taken = image.copy(), []
    for operation in Pipeline.parse(steps).operations:
        before = Frame.of(alone)
        after = operation.plan(before)
        taken.append(Step(operation, before, after))
        alone = operation.apply(alone)
    stages = fuse(Frame.of(image), Turn(), taken)
    together = image.copy()
    for stage in stages:
        assert Frame.of(together) == stage.before
        together = stage.apply(together)
        assert Frame.of(together) == stage.after
    return alone, together, [stage.work.name for stage in stages]


def same(one: Image.Image, two: Image.Image) -> bool:
    return (one.size, one.mode, one.tobytes()) == (two.size, two.mode, two.tobytes())


def furthest(one: Image.Image, two: Image.Image) -> int:
    """The largest difference of any two samples, in levels."""
    assert (one.size, one.mode) == (two.size, two.mode)
    return int(np.abs(np.asarray(one, int) - np.asarray(two, int)).max())


@pytest.mark.parametrize("mode", MODES)
def test_a_chain_of_turns_is_one_transpose(mode: str) -> None:
    random.seed(1)
    image = gradient(31, 20, mode)
    for _ in range(60):
        steps = random.choices(TURNS, k=random.randint(1, 6))
        alone, together, stages = both(image, steps)
        assert same(alone, together)
        assert stages in ([], ["geometry"])


def test_turns_that_cancel_out_are_left_out() -> None:
    assert both(gradient(), [step("flip"), step("rotate", degrees=180), step("mirror")])[2] == []


@pytest.mark.parametrize("mode", MODES)
def test_cuts_and_turns_in_any_order_are_one_stage(mode: str) -> None:
    random.seed(2)
    image = gradient(90, 70, mode)
    for _ in range(60):
        cuts = [
            step("crop", width=random.randint(50, 70), height=random.randint(50, 70)),
            step("crop", x=3, y=5, width=random.randint(5, 25), height=random.randint(5, 25)),
            step("crop", aspect="3:2", anchor="northeast"),
            step("rotate", degrees=90),
            step("mirror"),
        ]
        steps = [cuts[0], *random.sample(cuts[1:], 4)]
        alone, together, stages = both(image, steps)
        assert same(alone, together)
        assert stages == ["geometry"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fit", ["fill", "cover", "contain"])
def test_a_cut_and_a_resize_are_one_stage(mode: str, fit: str) -> None:
    steps = [
        step("crop", x=31, y=17, width=300, height=220),
        step("resize", width=83, height=71, fit=fit),
    ]
    alone, together, stages = both(cat(mode), steps)
    assert same(alone, together)
    assert stages == ["geometry"]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("factor", [0.3, 0.45, 1.7])
def test_only_the_part_that_is_kept_is_resampled(factor: float, large: bool) -> None:
    image = cat("RGB", 1451, 1003) if large else cat()
    size = {"width": round(image.width * factor), "height": round(image.height * factor)}
    steps = [step("resize", **size), step("crop", x=21, y=14, width=60, height=40)]
    alone, together, stages = both(image, steps)
    assert psnr(alone, together) > (33 if large and factor < 1 else 45)
    assert stages == ["geometry"]


@pytest.mark.parametrize("kernel", ["lanczos", "bilinear", "hamming", "nearest"])
@pytest.mark.parametrize("size", [{"width": 97}, {"width": 600}, {"height": 61, "width": 200}])
def test_the_image_is_turned_after_resizing(kernel: str, size: dict[str, int]) -> None:
    steps = [step("rotate", degrees=90), step("mirror"), step("resize", kernel=kernel, **size)]
    alone, together, stages = both(cat(), steps)
    assert furthest(alone, together) <= (0 if kernel == "nearest" else 2)
    assert stages == (["geometry"] * (2 if kernel == "nearest" else 1))


def test_two_resizes_stay_two() -> None:
    steps = [step("resize", width=20), step("resize", width=200)]
    alone, together, stages = both(cat(), steps)
    assert same(alone, together)
    assert stages == ["geometry", "geometry"]


def test_a_resize_to_the_same_size_is_left_out() -> None:
    assert both(cat(), [step("resize", width=451)])[2] == []


@pytest.mark.parametrize("mode", MODES)
def test_tables_are_joined_exactly(mode: str) -> None:
    random.seed(3)
    image = gradient(256, 7, mode)
    for _ in range(40):
        curves = random.choices([*CURVES, *TINTS], k=random.randint(1, 8))
        alone, together, stages = both(image, curves)
        assert same(alone, together)
        assert stages in ([], ["colours"])


@pytest.mark.parametrize("mode", MODES)
def test_colours_in_any_order_are_one_stage(mode: str) -> None:
    """Exact on gray pictures; in colour up to four levels may differ if matrices are joined.

    Steps of 32 levels, as posterize makes, would show such a difference as one of 32.
    """
    random.seed(4)
    image = gradient(200, 90, mode)
    for _ in range(60):
        steps = random.choices([*CURVES[:2], *MIXES, step("grayscale")], k=random.randint(1, 8))
        alone, together, stages = both(image, steps)
        assert furthest(alone, together) <= (0 if mode in ("L", "LA") else 4)
        assert stages in ([], ["colours"])


@pytest.mark.parametrize("mode", MODES)
def test_a_step_that_clips_colours_is_not_joined_with_the_next(mode: str) -> None:
    """If no two matrices are joined, the pixels are equal."""
    random.seed(5)
    image = gradient(200, 60, mode)
    for _ in range(60):
        steps = random.choices(STRONG, k=random.randint(1, 6))
        alone, together, stages = both(image, steps)
        assert same(alone, together)
        assert stages in ([], ["colours"])


def test_a_duotone_in_grays_keeps_a_gray_picture_gray() -> None:
    steps = [
        step("duotone", shadows="#101010", highlights="#e0e0e0"),
        step("invert"),
    ]
    for mode in ("L", "LA"):
        alone, together, stages = both(gradient(256, 9, mode), steps)
        assert furthest(alone, together) <= 1
        assert stages == ["colours"]


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
    alone, together, stages = both(cat(), steps)
    assert same(alone, together)
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
    assert furthest(image_of(run(data, *steps, format="png")), alone) <= 2


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


def test_clipped_colours_stay_clipped() -> None:
    """Sepia clips white to yellow; the clipped part must not come back."""
    steps = [step("sepia"), step("grayscale", amount=0.5), step("sepia"), step("invert")]
    image = Image.new("RGB", (4, 4), "white")
    alone, together, _ = both(image, steps)
    assert same(alone, together)


def test_a_neighbourhood_operation_ends_a_run_of_colours() -> None:
    steps = [step("sepia"), step("invert"), step("blur"), step("invert"), step("sepia")]
    alone, together, stages = both(cat(), steps)
    assert same(alone, together)
    assert stages == ["colours", "blur", "colours"]


@pytest.mark.parametrize("mode", MODES)
def test_cuts_and_turns_come_before_colours(mode: str) -> None:
    steps = [
        step("blur", radius=1),
        step("sepia"),
        step("crop", x=9, y=8, width=40, height=30),
        step("invert"),
        step("rotate", degrees=270),
        step("grayscale", amount=0.5),
    ]
    alone, together, stages = both(cat(mode), steps)
    assert furthest(alone, together) <= 1
    assert stages == ["blur", "geometry", "colours"]


def test_resizing_stays_behind_colours() -> None:
    steps = [step("apply_filter", posterize=True), step("resize", width=99)]
    alone, together, stages = both(cat(), steps)
    assert same(alone, together)
    assert stages == ["colours", "geometry"]


def test_the_fewest_passes_are_left() -> None:
    bounded = Weights(((0.5, 0.5, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)))
    cutting = Weights(((1.5, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)))
    negative = Curve.of(tuple(range(255, -1, -1)))
    assert len(fuse_steps([bounded] * 8, gray=False)) == 1
    assert len(fuse_steps([cutting] * 8, gray=False)) == 8
    assert fuse_steps([negative] * 8, gray=False) == ()
    assert fuse_steps([negative] * 7, gray=False) == (negative,)
    assert fuse_steps([cutting, Luma(), bounded, negative], gray=False)[:2] == (cutting, Luma())
    assert len(fuse_steps([cutting, negative, bounded, cutting], gray=True)) == 1


def test_colour_steps_do_what_apply_does() -> None:
    """What `colour_steps` promises is what `apply` does."""
    seen = 0
    for kind in OPERATIONS:
        operation = kind.model_validate(kind.example)
        colour = operation.colour_steps() if isinstance(operation, FusesColour) else None
        if colour is None:
            continue
        colour = tuple(colour)
        seen += 1
        for mode in MODES:
            image = gradient(256, 9, mode)
            after = operation.plan(Frame.of(image))
            made = ColourRun((kind.name,), colour, after.mode, linear=False).apply(image.copy())
            assert furthest(made, operation.apply(image)) <= 1
    assert seen == 14


def test_moves_do_what_apply_does() -> None:
    image = gradient(400, 300)
    seen = set()
    for kind in OPERATIONS:
        operation = kind.model_validate(kind.example)
        if isinstance(operation, FusesGeometry) and (move := operation.move(Frame.of(image))):
            seen.add(kind.name)
            alone = Geometry.of(*image.size).then(move)
            assert alone is not None
            assert same(alone.apply(image), operation.apply(image))
    assert seen == {"resize", "crop", "rotate", "flip", "mirror"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_and_turned_again_is_one_transpose(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(gradient(64, 40), "PNG", exif=exif)
    steps = [step("rotate", degrees=90), step("crop", x=1, y=2, width=30, height=20)]
    upright = opened(run(data, step("crop", aspect="1:1"), format="png").data)
    planned = plan(inspect(data, LIMITS), Pipeline.parse(steps), LIMITS)
    assert [stage.work.name for stage in planned.stages] == ["geometry"]
    assert upright.size == (40, 40)
    turned = image_of(run(data, *steps, format="png"))
    source = opened(data)
    image = _upright(source, orientation).transpose(Image.Transpose.ROTATE_270)
    assert same(turned, image.crop((1, 2, 31, 22)))


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    methods = [None, 0, 3, 1, 5, 4, 6, 2]
    method = methods[orientation - 1]
    return image if method is None else image.transpose(Image.Transpose(method))


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
def test_gray_from_luma_alone_is_gray_from_colours(steps: list[dict[str, Any]]) -> None:
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
def test_colours_that_are_used_are_decoded(facts: Facts, steps: list[dict[str, Any]]) -> None:
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
