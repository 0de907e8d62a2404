"""Fused changes of colour give the pixels of the single steps."""

import random

import pytest
from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.capabilities import FusesColour
from image_processor.engine.pixels.colour_steps import ColourRun, Curve, Luma, Weights, fuse_steps
from tests.engine.builders import gradient, step
from tests.engine.planning.fused_stages import (
    MODES,
    apply_alone_and_fused,
    equal,
    largest_difference,
)

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
# These steps have one table for each channel, so they colour a gray image.
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
# These steps clip colours, or enlarge small differences.
STRONG = [
    step("saturation", amount=80),
    step("hue", amount=130),
    step("sepia"),
    step("brightness", amount=60),
    step("gamma", amount=2.5),
    step("posterize", levels=3),
    step("grayscale"),
]


@pytest.mark.parametrize("mode", MODES)
def test_colour_tables_are_joined_exactly(mode: str) -> None:
    random.seed(3)
    image = gradient(256, 7, mode)
    for _ in range(40):
        curves = random.choices([*CURVES, *TINTS], k=random.randint(1, 8))
        alone, together, stages = apply_alone_and_fused(image, curves)
        assert equal(alone, together)
        assert stages in ([], ["colours"])


@pytest.mark.parametrize("mode", MODES)
def test_colours_in_any_order_are_one_stage(mode: str) -> None:
    """Exact on gray pictures; in colour up to four levels may differ if matrices are joined.

    Posterize is left out, because its steps of 32 levels would enlarge such a difference to 32.
    """
    random.seed(4)
    image = gradient(200, 90, mode)
    for _ in range(60):
        steps = random.choices([*CURVES[:2], *MIXES, step("grayscale")], k=random.randint(1, 8))
        alone, together, stages = apply_alone_and_fused(image, steps)
        assert largest_difference(alone, together) <= (0 if mode in ("L", "LA") else 4)
        assert stages in ([], ["colours"])


@pytest.mark.parametrize("mode", MODES)
def test_a_step_that_clips_colours_is_not_joined_with_the_next(mode: str) -> None:
    """If no two matrices are joined, the pixels are equal."""
    random.seed(5)
    image = gradient(200, 60, mode)
    for _ in range(60):
        steps = random.choices(STRONG, k=random.randint(1, 6))
        alone, together, stages = apply_alone_and_fused(image, steps)
        assert equal(alone, together)
        assert stages in ([], ["colours"])


def test_clipped_colours_stay_clipped() -> None:
    """Sepia clips white to yellow; the clipped part must not come back."""
    steps = [step("sepia"), step("grayscale", amount=0.5), step("sepia"), step("invert")]
    image = Image.new("RGB", (4, 4), "white")
    alone, together, _ = apply_alone_and_fused(image, steps)
    assert equal(alone, together)


def test_a_duotone_in_grays_keeps_a_gray_picture_gray() -> None:
    steps = [
        step("duotone", shadows="#101010", highlights="#e0e0e0"),
        step("invert"),
    ]
    for mode in ("L", "LA"):
        alone, together, stages = apply_alone_and_fused(gradient(256, 9, mode), steps)
        assert largest_difference(alone, together) <= 1
        assert stages == ["colours"]


def test_as_few_colour_passes_as_possible_remain() -> None:
    bounded = Weights(((0.5, 0.5, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)))
    cutting = Weights(((1.5, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)))
    negative = Curve.of(tuple(range(255, -1, -1)))
    assert len(fuse_steps([bounded] * 8, gray=False)) == 1
    assert len(fuse_steps([cutting] * 8, gray=False)) == 8
    assert fuse_steps([negative] * 8, gray=False) == ()
    assert fuse_steps([negative] * 7, gray=False) == (negative,)
    assert fuse_steps([cutting, Luma(), bounded, negative], gray=False)[:2] == (cutting, Luma())
    assert len(fuse_steps([cutting, negative, bounded, cutting], gray=True)) == 1


def test_colour_steps_give_the_pixels_of_apply() -> None:
    """The fused steps of each operation's example change an image as its `apply` does."""
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
            assert largest_difference(made, operation.apply(image)) <= 1
    assert seen == 14
