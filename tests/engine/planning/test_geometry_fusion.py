"""Fused crops, turns and resizes give the pixels of the single steps."""

import random

import pytest
from PIL import Image

from image_processor.engine import Pipeline, inspect, plan
from image_processor.engine.frame import Frame
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.capabilities import FusesGeometry
from image_processor.engine.pixels.fused_geometry import Geometry
from tests.engine.builders import LIMITS, encoded, gradient, image_of, opened, run, step
from tests.engine.pixels.test_resample import cat, psnr
from tests.engine.planning.fused_stages import (
    MODES,
    apply_alone_and_fused,
    equal,
    largest_difference,
)

TURNS = [step("flip"), step("mirror"), *(step("rotate", degrees=d) for d in (90, 180, 270))]


@pytest.mark.parametrize("mode", MODES)
def test_a_chain_of_turns_is_one_transpose(mode: str) -> None:
    random.seed(1)
    image = gradient(31, 20, mode)
    for _ in range(60):
        steps = random.choices(TURNS, k=random.randint(1, 6))
        alone, together, stages = apply_alone_and_fused(image, steps)
        assert equal(alone, together)
        assert stages in ([], ["geometry"])


def test_turns_that_cancel_out_are_omitted() -> None:
    assert (
        apply_alone_and_fused(
            gradient(), [step("flip"), step("rotate", degrees=180), step("mirror")]
        )[2]
        == []
    )


@pytest.mark.parametrize("mode", MODES)
def test_crops_and_turns_in_any_order_are_one_stage(mode: str) -> None:
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
        alone, together, stages = apply_alone_and_fused(image, steps)
        assert equal(alone, together)
        assert stages == ["geometry"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fit", ["fill", "cover", "contain"])
def test_a_crop_and_a_resize_are_one_stage(mode: str, fit: str) -> None:
    steps = [
        step("crop", x=31, y=17, width=300, height=220),
        step("resize", width=83, height=71, fit=fit),
    ]
    alone, together, stages = apply_alone_and_fused(cat(mode), steps)
    assert equal(alone, together)
    assert stages == ["geometry"]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("factor", [0.3, 0.45, 1.7])
def test_only_the_cropped_part_is_resampled(factor: float, large: bool) -> None:
    image = cat("RGB", 1451, 1003) if large else cat()
    size = {"width": round(image.width * factor), "height": round(image.height * factor)}
    steps = [step("resize", **size), step("crop", x=21, y=14, width=60, height=40)]
    alone, together, stages = apply_alone_and_fused(image, steps)
    assert psnr(alone, together) > (33 if large and factor < 1 else 45)
    assert stages == ["geometry"]


@pytest.mark.parametrize("kernel", ["lanczos", "bilinear", "hamming", "nearest"])
@pytest.mark.parametrize("size", [{"width": 97}, {"width": 600}, {"height": 61, "width": 200}])
def test_the_image_is_turned_after_resizing(kernel: str, size: dict[str, int]) -> None:
    steps = [step("rotate", degrees=90), step("mirror"), step("resize", kernel=kernel, **size)]
    alone, together, stages = apply_alone_and_fused(cat(), steps)
    assert largest_difference(alone, together) <= (0 if kernel == "nearest" else 2)
    assert stages == (["geometry"] * (2 if kernel == "nearest" else 1))


def test_two_resizes_are_two_stages() -> None:
    steps = [step("resize", width=20), step("resize", width=200)]
    alone, together, stages = apply_alone_and_fused(cat(), steps)
    assert equal(alone, together)
    assert stages == ["geometry", "geometry"]


def test_a_resize_to_the_same_size_is_omitted() -> None:
    assert apply_alone_and_fused(cat(), [step("resize", width=451)])[2] == []


def test_moves_give_the_pixels_of_apply() -> None:
    image = gradient(400, 300)
    seen = set()
    for kind in OPERATIONS:
        operation = kind.model_validate(kind.example)
        if isinstance(operation, FusesGeometry) and (move := operation.move(Frame.of(image))):
            seen.add(kind.name)
            alone = Geometry.of(*image.size).then(move)
            assert alone is not None
            assert equal(alone.apply(image), operation.apply(image))
    assert seen == {"resize", "crop", "rotate", "flip", "mirror"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_orientation_and_a_turn_are_one_transpose(orientation: int) -> None:
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
    image = turn_upright(source, orientation).transpose(Image.Transpose.ROTATE_270)
    assert equal(turned, image.crop((1, 2, 31, 22)))


def turn_upright(image: Image.Image, orientation: int) -> Image.Image:
    methods = [None, 0, 3, 1, 5, 4, 6, 2]
    method = methods[orientation - 1]
    return image if method is None else image.transpose(Image.Transpose(method))
