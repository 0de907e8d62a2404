"""A blur that is nearly a Gaussian, whole or in strips."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from image_processor.engine.operations.filters.blur import Blur
from image_processor.engine.operations.filters.sharpen import Sharpen
from image_processor.engine.pixels import strips
from image_processor.engine.pixels.gaussian import Gaussian
from tests.engine.builders import with_edges


def off(blurred: Any, picture: Image.Image, deviation: float) -> float:
    """The mean difference to a Gaussian in floating point, with a kernel of ten deviations."""
    size = 2 * int(5 * deviation) + 3
    pixels = np.asarray(picture, np.float64)
    border = cv2.BORDER_REPLICATE
    exact = cv2.GaussianBlur(pixels, (size, size), deviation, borderType=border)
    return float(np.abs(np.asarray(blurred) - exact).mean())


@pytest.mark.parametrize("deviation", [0.1, 0.5, 1.3, 2.0])
def test_a_narrow_blur_is_exact_except_for_rounding(deviation: float) -> None:
    picture = with_edges()
    assert off(Gaussian(deviation).blur(np.asarray(picture)), picture, deviation) < 0.5


@pytest.mark.parametrize("deviation", [2.01, 3.0, 4.4, 9.7, 40.0, 100.0])
def test_a_wide_blur_is_as_accurate_as_pillow_s(deviation: float) -> None:
    picture = with_edges()
    pillow = picture.filter(ImageFilter.GaussianBlur(deviation))
    ours = off(Gaussian(deviation).blur(np.asarray(picture)), picture, deviation)
    assert ours < off(pillow, picture, deviation) + 0.3


@given(st.floats(2.01, 100))
def test_boxes_have_the_requested_variance(deviation: float) -> None:
    variance = 0.0
    for width, share in Gaussian(deviation).boxes():
        assert width % 2 == 1
        assert 0 <= share < 1
        narrow, wide = ((each**2 - 1) / 12 for each in (width, width + 2))
        variance += (1 - share) * narrow + share * wide
    assert variance == pytest.approx(deviation**2)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("radius", [0.1, 2, 2.01, 7, 60])
def test_strips_give_the_bytes_of_the_whole(mode: str, radius: float, monkeypatch: Any) -> None:
    picture = with_edges(mode).resize((30, 1900))
    for operation in (Blur(radius=radius), Sharpen(radius=radius)):
        monkeypatch.setattr(strips, "STRIP_PIXELS", 10_000_000)
        whole = operation.apply(picture)
        monkeypatch.setattr(strips, "STRIP_PIXELS", 1)
        assert operation.apply(picture).tobytes() == whole.tobytes()


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (3, 2)])
@pytest.mark.parametrize("radius", [0.1, 2, 100])
def test_the_smallest_pictures(size: tuple[int, int], radius: float) -> None:
    for mode in ("L", "RGBA"):
        flat = Image.new(mode, size, 90 if mode == "L" else (90, 120, 30, 255))
        assert Blur(radius=radius).apply(flat).tobytes() == flat.tobytes()
