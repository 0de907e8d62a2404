"""Faces in photographs, and none where there are none."""

import pytest
from PIL import Image

from image_processor.engine.pixels.detection import Box, faces
from tests.engine.builders import gradient, opened, photo


def portrait() -> Image.Image:
    return opened(photo("astronaut.jpg")).convert("RGB")


def overlap(one: Box, two: Box) -> float:
    """The common part of two boxes as a fraction of both together."""
    width = min(one.right, two.right) - max(one.left, two.left)
    height = min(one.bottom, two.bottom) - max(one.top, two.top)
    common = max(0, width) * max(0, height)
    return common / (one.area + two.area - common)


FACE = Box(112, 42, 170, 100)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_a_face_is_found_in_any_mode(mode: str) -> None:
    found = faces(portrait().convert(mode))
    assert len(found) == 1
    assert overlap(found[0], FACE) > 0.7


@pytest.mark.parametrize("factor", [0.5, 2, 6])
def test_a_face_is_found_at_any_size_in_pixels_of_the_picture(factor: float) -> None:
    image = portrait()
    size = (round(image.width * factor), round(image.height * factor))
    found = faces(image.resize(size))
    wanted = Box(*(round(edge * factor) for edge in FACE))
    assert len(found) == 1
    assert overlap(found[0], wanted) > 0.7


def test_the_largest_of_several_comes_first() -> None:
    image = Image.new("RGB", (500, 330), (90, 110, 130))
    image.paste(portrait().resize((180, 180)), (0, 60))
    image.paste(portrait(), (180, 5))
    found = faces(image)
    assert len(found) == 2
    assert found[0].left > 180 > found[1].left
    assert found[0].area > found[1].area
    assert faces(image) == found


@pytest.mark.parametrize("name", ["chelsea.png", "rocket.jpg", "horse.png"])
def test_none_is_found_where_there_is_none(name: str) -> None:
    assert faces(opened(photo(name)).convert("RGBA")) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (23, 400), (3000, 5)])
def test_small_pictures_have_no_faces(size: tuple[int, int]) -> None:
    assert faces(gradient(*size)) == []
