"""Trim crops the border of a picture and of the frames of an animation."""

import io
from typing import Any

import pytest
from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations.geometry.trim import Trim, content_box
from tests.engine.builders import encoded, gradient, run, step


def framed(mode: str, ground: Any, ink: Any, size: tuple[int, int] = (50, 40)) -> Image.Image:
    """A rectangle from 7,5 to 31,33 on a ground of one colour."""
    image = Image.new(mode, size, ground)
    image.paste(ink, (7, 5, 31, 33))
    return image


@pytest.mark.parametrize(
    ("mode", "ground", "ink"),
    [
        ("L", 255, 0),
        ("LA", (0, 0), (0, 255)),
        ("RGB", (250, 250, 250), (250, 250, 200)),
        ("RGBA", (9, 9, 9, 0), (9, 9, 9, 40)),
        ("RGBA", (0, 0, 0, 255), (0, 0, 0, 0)),
    ],
)
def test_the_content_is_left(mode: str, ground: Any, ink: Any) -> None:
    image = framed(mode, ground, ink)
    assert content_box(image, 10) == (7, 5, 31, 33)
    assert Trim().apply(image).tobytes() == Image.new(mode, (24, 28), ink).tobytes()


@pytest.mark.parametrize(("tolerance", "kept"), [(0, 48), (9, 48), (10, 24), (255, 50)])
def test_the_tolerance_is_the_largest_difference_that_is_cropped(tolerance: int, kept: int) -> None:
    image = framed("RGB", (100, 100, 100), (200, 0, 0))
    image.paste((100, 110, 100), (40, 0, 48, 40))
    image.paste((100, 90, 100), (0, 0, 0, 40))
    wanted = {48: 41, 24: 24, 50: 50}[kept]
    assert Trim(tolerance=tolerance).apply(image).width == wanted


def test_invisible_colours_are_border() -> None:
    image = framed("RGBA", (0, 0, 0, 0), (5, 200, 5, 255))
    image.paste((255, 255, 255, 0), (35, 0, 50, 40))
    assert content_box(image, 0) == (7, 5, 31, 33)


def test_sides_may_have_borders_of_different_colours() -> None:
    image = Image.new("RGB", (60, 20), "black")
    image.paste(gradient(20, 20), (20, 0))
    image.paste((255, 255, 255), (40, 0, 60, 20))
    assert content_box(image, 10) == (20, 0, 40, 20)


def test_a_picture_without_a_border_and_one_of_one_colour_stay_whole() -> None:
    for image in (gradient(30, 20), Image.new("RGB", (30, 20), "red"), Image.new("L", (1, 1))):
        assert Trim().apply(image).tobytes() == image.tobytes()


def test_a_border_thicker_than_a_strip_of_work() -> None:
    image = framed("RGB", (255, 255, 255), (0, 0, 0), (900, 900))
    image.paste((0, 0, 0), (700, 890, 701, 891))
    assert content_box(image, 10) == (7, 5, 701, 891)


def test_frames_of_an_animation_are_cropped_alike() -> None:
    frames = [Image.new("RGB", (60, 40), "white") for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.paste((200, 0, 0), (10 + 10 * number, 8, 20 + 10 * number, 30))
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=90)
    for target in ("gif", "webp", "png"):
        result = run(data, step("trim"), format=target)
        assert (result.width, result.height, result.frames) == (30, 22, 3)
        written = Image.open(io.BytesIO(result.data))
        for number in range(3):
            written.seek(number)
            seen = written.convert("RGB")
            assert seen.size == (30, 22)
            assert seen.getpixel((10 * number + 5, 10))[1] < 20  # type: ignore[index]
            assert seen.getpixel((10 * ((number + 1) % 3) + 5, 10))[1] > 235  # type: ignore[index]


def test_an_animation_of_one_colour_stays_whole() -> None:
    plain = [Image.new("RGB", (9, 7), "blue") for _ in range(2)]
    assert Trim().resolve(plain).plan(Frame.of(plain[0])) == Frame(9, 7, "RGB")
