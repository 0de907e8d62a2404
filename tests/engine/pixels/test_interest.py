"""The most interesting rectangle: faces, else detail, else the middle."""

import numpy as np
import pytest
from PIL import Image

from image_processor.engine.pixels.detection import Box, faces, interest
from image_processor.engine.pixels.detection.interest import centre_on_faces
from tests.engine.builders import gradient, opened, photo


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def busy(size: tuple[int, int], corner: tuple[int, int]) -> Image.Image:
    """A gray picture with one patch of 60x60 noisy pixels."""
    noise = np.random.RandomState(3).randint(0, 256, (60, 60, 3), np.uint8)
    image = Image.new("RGB", size, (128, 128, 128))
    image.paste(Image.fromarray(noise), corner)
    return image


@pytest.mark.parametrize("size", [(80, 320), (320, 110), (120, 120)])
def test_faces_come_first(size: tuple[int, int]) -> None:
    image = opened(photo("astronaut.jpg"))
    kept = interest(image, *size)
    assert (kept.width, kept.height) == size
    assert inside(faces(image)[0], kept)


@pytest.mark.parametrize("corner", [(0, 0), (340, 10), (200, 240), (20, 200)])
@pytest.mark.parametrize("scale", [1, 4])
def test_without_faces_detail_decides(corner: tuple[int, int], scale: int) -> None:
    image = busy((400, 300), corner).resize((400 * scale, 300 * scale), Image.Resampling.NEAREST)
    kept = interest(image, 90 * scale, 90 * scale)
    patch = [scale * edge for edge in (*corner, corner[0] + 60, corner[1] + 60)]
    slack = 8 * scale
    grown = Box(kept.left - slack, kept.top - slack, kept.right + slack, kept.bottom + slack)
    assert inside(Box(*patch), grown)


@pytest.mark.parametrize("size", [(41, 31), (100, 7), (3, 60)])
def test_without_detail_the_middle_is_kept(size: tuple[int, int]) -> None:
    kept = interest(Image.new("RGB", (100, 60), "navy"), *size)
    assert abs(kept.middle[0] - 50) <= 2
    assert abs(kept.middle[1] - 30) <= 2


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (17, 11), (2000, 3)])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_any_rectangle_of_any_picture_lies_in_it(size: tuple[int, int], mode: str) -> None:
    image = gradient(*size, mode)
    for wanted in ((1, 1), ((size[0] + 1) // 2, (size[1] + 1) // 2), size):
        kept = interest(image, *wanted)
        assert (kept.width, kept.height) == wanted
        assert inside(kept, Box(0, 0, *size))


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (65, 5), (5, 49)])
def test_a_rectangle_that_does_not_fit_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=rf"{size[0]}x{size[1]} .* 64x48"):
        interest(gradient(), *size)


def test_the_largest_face_and_as_many_others_as_fit_are_kept() -> None:
    image = Image.new("L", (1000, 400))
    large, near, far = Box(400, 100, 500, 200), Box(560, 120, 620, 180), Box(20, 20, 60, 60)
    kept = centre_on_faces([large, near, far], image, 300, 300)
    assert inside(large, kept)
    assert inside(near, kept)
    assert not inside(far, kept)
    assert centre_on_faces([large], image, 20, 20).middle == large.middle
