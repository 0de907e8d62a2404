"""Tone operations: formulas, neutral parameters, alpha and gray."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from image_processor.engine.operations import BY_NAME
from image_processor.engine.operations.capabilities import FusesColour
from image_processor.engine.operations.tone.pointwise import ByMatrix, ByTable
from image_processor.engine.operations.tone.temperature import daylight
from image_processor.engine.pixels import matrices, tables
from tests.engine.builders import encoded, gradient, image_of, run, step

MODES = ("L", "LA", "RGB", "RGBA")

CHANGING: list[tuple[str, dict[str, Any]]] = [
    ("brightness", {"amount": 30}),
    ("contrast", {"amount": -40}),
    ("saturation", {"amount": 70}),
    ("gamma", {"amount": 0.6}),
    ("hue", {"amount": 75}),
    ("temperature", {"amount": -50}),
    ("auto_contrast", {"cutoff": 3}),
    ("equalize", {}),
    ("tint", {"color": "teal"}),
    ("duotone", {}),
    ("posterize", {"levels": 5}),
    ("solarize", {}),
    ("sepia", {}),
    ("invert", {}),
    ("vignette", {}),
]

NOTHING: list[tuple[str, dict[str, Any]]] = [
    ("brightness", {"amount": 0}),
    ("contrast", {"amount": 0}),
    ("saturation", {"amount": 0}),
    ("gamma", {"amount": 1}),
    ("hue", {"amount": 0}),
    ("hue", {"amount": -360}),
    ("temperature", {"amount": 0}),
    ("tint", {"color": "teal", "amount": 0}),
    ("tint", {"color": "gray", "amount": 1}),
    ("duotone", {"amount": 0}),
    ("posterize", {"levels": 256}),
    ("denoise", {"strength": 0}),
    ("pixelate", {"size": 1}),
    ("vignette", {"amount": 0}),
]


def result(name: str, params: dict[str, Any], image: Image.Image) -> Image.Image:
    return BY_NAME[name].model_validate(params).apply(image)


def colour(name: str, params: dict[str, Any], *pixel: int) -> tuple[int, ...]:
    """What a step makes of one pixel of red, green and blue."""
    return tuple(result(name, params, Image.new("RGB", (1, 1), pixel)).tobytes())


@pytest.mark.parametrize(("name", "params"), NOTHING)
@pytest.mark.parametrize("mode", MODES)
def test_neutral_parameters_change_no_byte(name: str, params: dict[str, Any], mode: str) -> None:
    image = gradient(40, 30, mode)
    data = encoded(image, "PNG")
    assert image_of(run(data, step(name, **params))).convert(mode).tobytes() == image.tobytes()


@pytest.mark.parametrize(("name", "params"), CHANGING)
@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_stays(name: str, params: dict[str, Any], mode: str) -> None:
    image = gradient(40, 30, mode)
    changed = result(name, params, image)
    assert changed.getchannel("A").tobytes() == image.getchannel("A").tobytes()


@pytest.mark.parametrize(("name", "params"), CHANGING)
def test_gray_gives_the_same_as_gray_in_colour(name: str, params: dict[str, Any]) -> None:
    gray = gradient(40, 30, "L")
    one = np.asarray(result(name, params, gray).convert("RGB"), int)
    other = np.asarray(result(name, params, gray.convert("RGB")), int)
    assert np.abs(one - other).max() <= 1


@pytest.mark.parametrize(
    ("name", "params", "before", "after"),
    [
        ("brightness", {"amount": -100}, (10, 200, 255), (0, 0, 0)),
        ("brightness", {"amount": 50}, (10, 100, 200), (15, 150, 255)),
        ("contrast", {"amount": -100}, (10, 200, 255), (128, 128, 128)),
        ("contrast", {"amount": 100}, (0, 100, 200), (0, 72, 255)),
        ("saturation", {"amount": -100}, (255, 0, 0), (76, 76, 76)),
        ("saturation", {"amount": 50}, (120, 100, 100), (127, 97, 97)),
        ("gamma", {"amount": 2.0}, (0, 64, 255), (0, 128, 255)),
        ("gamma", {"amount": 0.5}, (0, 128, 255), (0, 64, 255)),
        ("hue", {"amount": 120}, (90, 90, 90), (90, 90, 90)),
        ("hue", {"amount": 180}, (255, 0, 0), (0, 109, 109)),
        ("tint", {"color": "red", "amount": 1}, (128, 128, 128), (255, 52, 52)),
        ("tint", {"color": "red", "amount": 1}, (0, 0, 0), (0, 0, 0)),
        ("tint", {"color": "red", "amount": 1}, (255, 255, 255), (255, 255, 255)),
        ("duotone", {"shadows": "#102030", "highlights": "#f0e0d0"}, (0, 0, 0), (16, 32, 48)),
        ("duotone", {"shadows": "#102030", "highlights": "#f0e0d0"}, (255,) * 3, (240, 224, 208)),
        ("duotone", {"shadows": "black", "highlights": "white"}, (255, 0, 0), (76, 76, 76)),
        ("posterize", {"levels": 2}, (127, 128, 255), (0, 255, 255)),
        ("posterize", {"levels": 3}, (84, 86, 255), (0, 128, 255)),
        ("solarize", {"threshold": 100}, (99, 100, 255), (99, 155, 0)),
        ("solarize", {"threshold": 0}, (0, 100, 255), (255, 155, 0)),
    ],
)
def test_formulas(
    name: str, params: dict[str, Any], before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    assert colour(name, params, *before) == after


def test_warm_has_more_red_and_cold_more_blue_at_the_same_luminance() -> None:
    warm = colour("temperature", {"amount": 60}, 128, 128, 128)
    cold = colour("temperature", {"amount": -60}, 128, 128, 128)
    assert warm[0] > 128 > warm[2]
    assert cold[0] < 128 < cold[2]
    for values in (warm, cold):
        light = [tables.to_linear(value / 255) for value in values]
        luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
        assert luminance == pytest.approx(tables.to_linear(128 / 255), rel=0.02)


@pytest.mark.parametrize("warmth", [-1, -0.5, 0, 0.5, 1])
def test_daylight_has_a_luminance_of_one(warmth: float) -> None:
    red, green, blue = daylight(warmth)
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(1, abs=0.002)


def test_white_daylight_is_the_white_of_srgb() -> None:
    assert daylight(0) == pytest.approx((1, 1, 1), abs=0.005)


@pytest.mark.parametrize(("name", "params"), CHANGING)
def test_the_table_or_matrix_describes_the_whole_step(name: str, params: dict[str, Any]) -> None:
    operation = BY_NAME[name].model_validate(params)
    image = gradient(32, 32)
    values = np.asarray(image, float)
    if isinstance(operation, ByTable):
        found = operation.tables()
        own = found if len(found) == 3 else found * 3
        planes = [np.asarray(own[at])[np.asarray(image)[:, :, at]] for at in range(3)]
        wanted = np.dstack(planes).astype(float)
    elif isinstance(operation, ByMatrix):
        matrix = operation.matrix()
        assert matrix is not None
        rows = np.asarray(matrix)
        wanted = (values @ rows[:, :3].T + rows[:, 3]).clip(0, 255)
    else:
        assert name in ("auto_contrast", "equalize", "vignette")
        return
    assert np.abs(np.asarray(operation.apply(image), float) - wanted).max() <= 0.51


def test_linear_steps_may_follow_a_reduced_decode() -> None:
    assert not matrices.clips(matrices.gray(1))
    assert matrices.clips(matrices.sepia(1))
    for name, params, linear in (
        ("saturation", {"amount": -30}, True),
        ("saturation", {"amount": 30}, False),
        ("brightness", {"amount": -30}, True),
        ("brightness", {"amount": 30}, False),
        ("contrast", {"amount": -30}, True),
        ("contrast", {"amount": 30}, False),
        ("duotone", {}, True),
        ("gamma", {"amount": 2}, False),
        ("invert", {}, True),
        ("posterize", {}, False),
    ):
        operation = BY_NAME[name].model_validate(params)
        assert isinstance(operation, FusesColour)
        assert operation.is_linear() is linear
