"""Filters as switches and as operations of their own."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from image_processor.engine.operations.apply_filter import ApplyFilter
from image_processor.engine.operations.kernels import continued, convolved
from image_processor.engine.operations.tone import Grayscale, Invert, Sepia
from tests.engine.builders import encoded, gradient, image_of, run, step

KERNELS = (ImageFilter.EMBOSS, ImageFilter.FIND_EDGES, ImageFilter.CONTOUR, ImageFilter.SMOOTH)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("size", [(1, 1), (2, 9), (3, 3), (4, 5), (31, 17)])
def test_kernels_reach_the_edges(kernel: type, size: tuple[int, int]) -> None:
    image = gradient(*size)
    assert convolved(image, kernel).tobytes() == continued(image, kernel).tobytes()


def test_a_flat_picture_has_no_edges_anywhere() -> None:
    flat = Image.new("RGB", (20, 15), (90, 120, 30))
    edges = ApplyFilter(edges=True).apply(flat)
    assert np.asarray(edges).max() == 0


def test_switches_are_applied_in_the_order_listed() -> None:
    image = gradient()
    both = ApplyFilter(invert=True, grayscale=True, sepia=True).apply(image)
    one_by_one = image
    for single in (Grayscale(), Sepia(), Invert()):
        one_by_one = single.apply(one_by_one)
    assert both.tobytes() == one_by_one.tobytes()


@pytest.mark.parametrize("name", ["grayscale", "sepia", "invert"])
def test_amount_0_changes_nothing_and_1_is_the_default(name: str) -> None:
    data = encoded(gradient(), "PNG")
    none = image_of(run(data, step(name, amount=0)))
    assert none.convert("RGB").tobytes() == gradient().tobytes()
    assert run(data, step(name)).data == run(data, step(name, amount=1)).data


@pytest.mark.parametrize("params", [{"sepia": True}, {"blur": True}, {"solarize": True}])
def test_alpha_stays(params: dict[str, bool]) -> None:
    image = gradient(mode="RGBA")
    done = ApplyFilter(**params).apply(image)
    if "blur" not in params:
        assert done.getchannel("A").tobytes() == image.getchannel("A").tobytes()
    assert done.mode == "RGBA"


def test_grayscale_weighs_colours_as_the_eye_does() -> None:
    image = Image.new("RGB", (3, 1))
    image.putdata([(255, 0, 0), (0, 255, 0), (0, 0, 255)])
    gray = Grayscale().apply(image)
    assert (gray.mode, list(gray.tobytes())) == ("L", [76, 150, 29])
