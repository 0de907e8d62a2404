"""Filters as switches and as operations of their own."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from image_processor.engine.frame import Frame
from image_processor.engine.operations.apply_filter import ApplyFilter
from image_processor.engine.operations.filters import PreviewSharpen, Sharpen
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


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("amount", [0, 130, 500])
@pytest.mark.parametrize("radius", [0.1, 1.5, PreviewSharpen.widest])
def test_a_preview_is_sharpened_as_the_result(mode: str, amount: int, radius: float) -> None:
    picture = gradient(160, 120, mode)
    picture.paste(gradient(50, 40, mode).rotate(180), (60, 50))  # with edges
    frame = Frame.of(picture)
    sharpen = Sharpen(amount=amount, radius=radius)
    quick = sharpen.reduced(frame, frame, picture.size)
    assert isinstance(quick, PreviewSharpen)
    shown, made = (np.asarray(each.apply(picture), float) for each in (quick, sharpen))
    assert np.abs(shown - made).mean() < 1
    assert quick.apply(picture).mode == mode


def test_a_wide_sharpening_is_the_result_s_own_in_a_preview() -> None:
    frame = Frame(400, 300, "RGB")
    wide = Sharpen(radius=20)
    assert type(wide.reduced(frame, frame, (400, 300))) is Sharpen
    assert isinstance(wide.reduced(Frame(4000, 3000, "RGB"), frame, (400, 300)), PreviewSharpen)
