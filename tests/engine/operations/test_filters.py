"""Filters as switches and as operations of their own."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from image_processor.engine.operations.filters.apply_filter import ApplyFilter
from image_processor.engine.operations.filters.kernels import convolve, convolve_extended
from image_processor.engine.operations.filters.sharpen import Sharpen
from image_processor.engine.operations.tone.grayscale import Grayscale
from image_processor.engine.operations.tone.invert import Invert
from image_processor.engine.operations.tone.sepia import Sepia
from image_processor.engine.pixels.alpha import on_colour
from tests.engine.builders import encoded, gradient, image_of, run, step, with_edges

KERNELS = (ImageFilter.EMBOSS, ImageFilter.FIND_EDGES, ImageFilter.CONTOUR, ImageFilter.SMOOTH)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("size", [(1, 1), (2, 9), (3, 3), (4, 5), (31, 17)])
def test_kernels_reach_the_edges(kernel: type, size: tuple[int, int]) -> None:
    image = gradient(*size)
    assert convolve(image, kernel).tobytes() == convolve_extended(image, kernel).tobytes()


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


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("amount", [0, 130, 500])
@pytest.mark.parametrize("radius", [0.1, 1.5, 4, 20])
def test_sharpening_is_an_unsharp_mask(mode: str, amount: int, radius: float) -> None:
    picture = with_edges(mode)
    done = Sharpen(amount=amount, radius=radius).apply(picture)
    mask = ImageFilter.UnsharpMask(radius, amount, 3)
    # Pillow's own, whose blur differs by a level or so.
    expected = on_colour(picture, lambda colour: colour.filter(mask))
    assert np.abs(np.asarray(done, float) - np.asarray(expected, float)).mean() < 1
    assert done.mode == mode


def test_differences_below_the_threshold_are_not_sharpened() -> None:
    picture = Image.new("L", (40, 20), 100)
    picture.paste(120, (20, 0, 40, 20))
    for threshold, changed in ((7, True), (9, False)):
        done = Sharpen(radius=2, threshold=threshold).apply(picture)
        assert (done.tobytes() != picture.tobytes()) is changed
