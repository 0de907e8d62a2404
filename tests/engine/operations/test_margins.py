"""Pad and border."""

from typing import Any

import pytest
from PIL import Image

from image_processor.engine import CanvasTooSmall, OutputTooLarge, Pipeline, inspect, plan
from image_processor.engine.frame import Frame
from image_processor.engine.operations.geometry.border import Border
from image_processor.engine.operations.geometry.pad import Pad
from tests.engine.builders import LIMITS, encoded, gradient, image_of, run, step


@pytest.mark.parametrize(
    ("params", "size", "place"),
    [
        ({"width": 101, "height": 80}, (101, 80), (20, 20)),
        ({"width": 61}, (61, 40), (0, 0)),
        ({"height": 43}, (60, 43), (0, 1)),
        ({"width": 60, "height": 40}, (60, 40), (0, 0)),
        ({"top": 3}, (60, 43), (0, 3)),
        ({"top": 1, "right": 2, "bottom": 3, "left": 4}, (66, 44), (4, 1)),
        ({"top": 0}, (60, 40), (0, 0)),
    ],
)
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_pad_places(
    params: dict[str, Any], size: tuple[int, int], place: tuple[int, int], mode: str
) -> None:
    image = gradient(60, 40, mode)
    padded = Pad(**params).apply(image)
    assert padded.size == size
    assert Frame.of(padded) == Pad(**params).plan(Frame.of(image))
    left, top = place
    inside = padded.crop((left, top, left + 60, top + 40))
    assert inside.tobytes() == image.convert(inside.mode).tobytes()


@pytest.mark.parametrize(
    ("mode", "colour", "wanted", "fill"),
    [
        ("RGB", None, "RGBA", (0, 0, 0, 0)),
        ("L", None, "LA", (0, 0)),
        ("L", "white", "L", 255),
        ("L", "#808080", "L", 128),
        ("L", "navy", "RGB", (0, 0, 128)),
        ("LA", "#80808040", "LA", (128, 64)),
        ("LA", "red", "RGBA", (255, 0, 0, 255)),
        ("RGB", "#10203040", "RGBA", (16, 32, 48, 64)),
        ("RGBA", "red", "RGBA", (255, 0, 0, 255)),
    ],
)
def test_backgrounds_decide_the_mode(mode: str, colour: str | None, wanted: str, fill: Any) -> None:
    padded = Pad(left=5, background=colour).apply(gradient(20, 20, mode))
    assert (padded.mode, padded.getpixel((2, 2))) == (wanted, fill)


def test_clear_margins_are_white_where_the_format_has_no_alpha() -> None:
    data = encoded(Image.new("RGB", (40, 40), "navy"), "PNG")
    jpeg = image_of(run(data, step("pad", left=40), format="jpeg"))
    assert jpeg.getpixel((8, 8)) == (255, 255, 255)
    named = image_of(run(data, step("pad", left=40), format="jpeg", background="lime"))
    assert named.getpixel((8, 8))[1] > 250  # type: ignore[index]


@pytest.mark.parametrize(
    ("params", "pointer", "limit", "actual"),
    [
        ({"width": 59}, "/width", 60, 59),
        ({"width": 100, "height": 39}, "/height", 40, 39),
    ],
)
def test_a_canvas_that_is_too_small_is_refused(
    params: dict[str, Any], pointer: str, limit: int, actual: int
) -> None:
    facts = inspect(encoded(gradient(60, 40), "PNG"), LIMITS)
    pipeline = Pipeline.parse([step("flip"), step("pad", **params)])
    with pytest.raises(CanvasTooSmall, match="60x40") as caught:
        plan(facts, pipeline, LIMITS)
    error = caught.value
    assert (error.pointer, error.limit, error.actual, error.status) == (
        f"/transformations/1/params{pointer}",
        limit,
        actual,
        422,
    )


@pytest.mark.parametrize("steps", [[step("border", width=9000)], [step("pad", left=16_384)]])
def test_a_result_that_is_too_large_is_refused(steps: list[dict[str, Any]]) -> None:
    facts = inspect(encoded(gradient(60, 40), "PNG"), LIMITS)
    with pytest.raises(OutputTooLarge) as caught:
        plan(facts, Pipeline.parse(steps), LIMITS)
    assert caught.value.pointer == "/transformations/0/params"
    assert caught.value.limit == LIMITS.max_output_side


def test_a_border_goes_all_around_and_hides_nothing() -> None:
    image = gradient(30, 20)
    framed = Border(width=4, color="gold").apply(image)
    assert framed.size == (38, 28)
    assert framed.crop((4, 4, 34, 24)).tobytes() == image.tobytes()
    for place in ((0, 0), (37, 27), (3, 10), (20, 24), (34, 3)):
        assert framed.getpixel(place) == (255, 215, 0)
    assert Border(width=1).apply(image).getpixel((0, 0)) == (0, 0, 0)


def test_equal_margins_are_equal_pipelines() -> None:
    assert Pad(top=3).canonical() == Pad(top=3, left=0, background="transparent").canonical()
    assert Pad(width=3).canonical() != Pad(height=3).canonical()
