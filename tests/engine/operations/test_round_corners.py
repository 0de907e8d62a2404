"""Round corners: what is cut, how smoothly, and what is refused."""

import math

import numpy as np
import pytest
from PIL import Image

from image_processor.engine import Pipeline, RadiusTooLarge, inspect, plan
from image_processor.engine.operations.geometry.round_corners import RoundCorners
from tests.engine.builders import LIMITS, encoded, gradient, image_of, run, step


def alpha_of(radius: int | str, size: tuple[int, int]) -> np.ndarray:
    rounded = RoundCorners(radius=radius).apply(Image.new("RGB", size, "red"))
    return np.asarray(rounded.getchannel("A"))


@pytest.mark.parametrize("radius", [1, 7, 40, 100, 750])
def test_the_area_is_that_of_quarter_circles(radius: int) -> None:
    alpha = alpha_of(radius, (1600, 1501))
    missing = (255 - alpha.astype(float)).sum() / 255
    assert missing == pytest.approx((4 - math.pi) * radius**2, rel=0.02, abs=0.5)


def test_the_edge_is_smooth_and_alike_in_all_corners() -> None:
    alpha = alpha_of(20, (60, 50))
    assert alpha[0, 0] == 0
    assert alpha[25, 0] == alpha[0, 30] == 255
    assert len(np.unique(alpha)) > 10
    assert (alpha == alpha[::-1]).all()
    assert (alpha == alpha[:, ::-1]).all()


def test_half_of_a_square_is_a_disc() -> None:
    alpha = alpha_of("50%", (200, 200))
    assert alpha.mean() / 255 == pytest.approx(math.pi / 4, rel=0.001)
    assert (alpha == alpha_of(100, (200, 200))).all()


def test_a_percentage_refers_to_the_shorter_side() -> None:
    assert (alpha_of("10%", (400, 100)) == alpha_of(10, (400, 100))).all()


@pytest.mark.parametrize("radius", [0, "0%"])
def test_nothing_is_cut_without_a_radius(radius: int | str) -> None:
    assert alpha_of(radius, (9, 5)).min() == 255


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_that_is_there_is_kept(mode: str) -> None:
    image = gradient(40, 40, mode)
    rounded = RoundCorners(radius=10).apply(image)
    before, after = np.asarray(image.getchannel("A")), np.asarray(rounded.getchannel("A"))
    assert (after <= before).all()
    assert (after[10:30] == before[10:30]).all()
    assert after[0, 0] == after[-1, -1] == 0


def test_corners_are_white_where_the_format_has_no_alpha() -> None:
    data = encoded(Image.new("RGB", (80, 80), "navy"), "PNG")
    jpeg = image_of(run(data, step("round_corners", radius="50%"), format="jpeg"))
    assert min(jpeg.getpixel((1, 1))) > 250  # type: ignore[type-var, arg-type]


def test_a_radius_beyond_half_of_the_shorter_side_is_refused() -> None:
    facts = inspect(encoded(gradient(80, 41), "PNG"), LIMITS)
    plan(facts, Pipeline.parse([step("round_corners", radius=20)]), LIMITS)
    with pytest.raises(RadiusTooLarge, match="80x41") as caught:
        plan(facts, Pipeline.parse([step("round_corners", radius=21)]), LIMITS)
    error = caught.value
    assert (error.pointer, error.limit, error.actual) == (
        "/transformations/0/params/radius",
        20,
        21,
    )


def test_percentages_have_one_form() -> None:
    assert RoundCorners(radius="10.0%").canonical() == RoundCorners(radius="10%").canonical()
