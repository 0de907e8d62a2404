"""Where the anchors focal, smart and face place a crop."""

from typing import Any

import pytest
from PIL import Image

from image_processor.engine import NoFaceFound, Pipeline, inspect, plan, render
from image_processor.engine.frame import Frame
from image_processor.engine.operations.geometry.crop import Crop
from image_processor.engine.operations.geometry.resize import Resize
from image_processor.engine.pixels.detection import faces
from tests.engine.builders import (
    BLUE,
    GREEN,
    LIMITS,
    RED,
    WHITE,
    corners,
    encoded,
    image_of,
    opened,
    photo,
    quadrants,
    run,
    step,
)


@pytest.mark.parametrize(
    ("focal", "left_top"),
    [((0.5, 0.5), (30, 20)), ((0.0, 0.0), (0, 0)), ((1.0, 0.6), (60, 28)), ((0.45, 1), (25, 40))],
)
def test_a_crop_lies_around_the_focal_point(
    focal: tuple[float, float], left_top: tuple[int, int]
) -> None:
    crop = Crop(width=40, height=40, anchor="focal", focal_x=focal[0], focal_y=focal[1])
    assert crop._box(Frame(100, 80, "RGB"))[:2] == left_top


@pytest.mark.parametrize(
    ("focal_x", "wanted"),
    [(0.1, [RED, RED, BLUE, BLUE]), (0.9, [GREEN, GREEN, WHITE, WHITE])],
)
def test_cover_keeps_the_focal_point(focal_x: float, wanted: list[tuple[int, ...]]) -> None:
    data = encoded(quadrants(80, 40), "PNG")
    anchor = {"anchor": "focal", "focal_x": focal_x, "focal_y": 0.5}
    result = run(data, step("resize", width=10, height=20, fit="cover", **anchor))
    assert corners(image_of(result)) == wanted


@pytest.mark.parametrize("operation", [Crop, Resize])
def test_without_a_focal_point_the_centre_is_kept(operation: type) -> None:
    size = {"width": 20, "height": 40} | ({"fit": "cover"} if operation is Resize else {})
    image = quadrants(81, 40)
    middle = operation(anchor="center", **size).apply(image)
    assert operation(anchor="focal", **size).apply(image).tobytes() == middle.tobytes()


@pytest.mark.parametrize("anchor", ["smart", "face"])
@pytest.mark.parametrize(
    "params",
    [
        {"operation": "crop", "width": 100, "height": 100},
        {"operation": "crop", "aspect": "1:3"},
        {"operation": "resize", "width": 120, "height": 320, "fit": "cover"},
        {"operation": "resize", "width": 320, "height": 120, "fit": "cover"},
    ],
)
def test_the_face_is_kept(params: dict[str, Any], anchor: str) -> None:
    # In the left third, where neither the centre nor an edge would find it.
    image = Image.new("RGB", (640, 640), (120, 120, 120))
    image.paste(opened(photo("astronaut.jpg")), (0, 40))
    result = image_of(run(encoded(image, "PNG"), step(**params, anchor=anchor)))
    assert len(faces(result.resize((640, 640 * result.height // result.width)))) == 1


def test_face_refuses_a_picture_without_one_and_smart_takes_it() -> None:
    data = photo("chelsea.png")
    with pytest.raises(NoFaceFound, match='anchor "smart"') as caught:
        run(data, step("crop", aspect="1:1", anchor="face"))
    assert (caught.value.status, caught.value.pointer) == (422, "/anchor")
    assert image_of(run(data, step("crop", aspect="1:1", anchor="smart"))).size == (300, 300)


@pytest.mark.parametrize("anchor", ["smart", "focal"])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (37, 91), (300, 1)])
def test_the_size_is_the_planned_one(size: tuple[int, int], anchor: str) -> None:
    data = encoded(quadrants(*size), "JPEG")
    facts = inspect(data, LIMITS)
    for wanted in (
        step("crop", aspect="3:2", anchor=anchor),
        step("resize", width=7, height=19, fit="cover", anchor=anchor),
        step("resize", width=50, height=2, fit="cover", anchor=anchor),
    ):
        pipeline = Pipeline.parse([wanted])
        planned = plan(facts, pipeline, LIMITS)
        done = image_of(render(data, facts, pipeline, LIMITS))
        assert done.size == (planned.width, planned.height)


def test_a_reduced_decode_finds_the_same_place() -> None:
    portrait = opened(photo("astronaut.jpg")).resize((1600, 1600))
    wide = Image.new("RGB", (4000, 1600), (120, 120, 120))
    wide.paste(portrait, (2200, 0))
    data = encoded(wide, "JPEG", quality=92)
    params = {"width": 160, "height": 160, "fit": "cover", "anchor": "smart"}
    result = run(data, step("resize", **params))
    whole = Resize(**params).apply(opened(data))
    assert result.decoded_size == (1000, 400)
    difference = [abs(a - b) for a, b in zip(result_bytes(result), whole.tobytes(), strict=True)]
    assert sum(difference) / len(difference) < 6


def result_bytes(result: Any) -> bytes:
    return image_of(result).convert("RGB").tobytes()
