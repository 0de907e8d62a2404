"""An image as a watermark: its look, its memory and work, and its errors."""

from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from image_processor.engine import (
    Facts,
    InvalidImage,
    Overlay,
    OverlayMissing,
    Pipeline,
    TooMuchMemory,
    inspect,
    plan,
    render,
)
from image_processor.engine.limits import Limits
from image_processor.engine.operations.overlay.watermark import Watermark
from tests.engine.builders import (
    GREEN,
    LIMITS,
    RED,
    animation,
    corners,
    encoded,
    image_of,
    logo,
    photo,
    quadrants,
    run,
    step,
)

BLACK = encoded(Image.new("RGB", (100, 60)), "PNG")


def mark(**params: Any) -> dict[str, Any]:
    return step("watermark", **{"image_id": 1, "opacity": 1, "margin": 0, "size": 30, **params})


def red(size: tuple[int, int] = (20, 20)) -> bytes:
    return encoded(Image.new("RGB", size, RED), "PNG")


def test_the_default_position_is_the_lower_right() -> None:
    image = image_of(run(BLACK, mark(), overlays={1: red()}, format="png"))
    assert [corner == RED for corner in corners(image)] == [False, False, False, True]
    image = image_of(run(BLACK, mark(position="northwest"), overlays={1: red()}, format="png"))
    assert [corner == RED for corner in corners(image)] == [True, False, False, False]


@pytest.mark.parametrize(
    ("overlay", "size", "wanted"),
    [((40, 20), 50, (50, 25)), ((20, 40), 100, (30, 60)), ((400, 100), 20, (20, 5))],
)
def test_its_width_is_relative_and_its_aspect_ratio_is_kept(
    overlay: tuple[int, int], size: int, wanted: tuple[int, int]
) -> None:
    steps = mark(size=size, position="northwest")
    image = image_of(run(BLACK, steps, overlays={1: red(overlay)}, format="png")).convert("RGB")
    assert image.getchannel("R").getbbox() == (0, 0, *wanted)


@pytest.mark.parametrize(
    ("position", "box"),
    [
        ("northwest", (10, 10, 30, 30)),
        ("southeast", (70, 30, 90, 50)),
        ("northeast", (70, 10, 90, 30)),
        ("center", (40, 20, 60, 40)),
    ],
)
def test_the_margin_keeps_it_from_the_edges(position: str, box: tuple[int, int, int, int]) -> None:
    steps = mark(size=20, position=position, margin=10)
    image = image_of(run(BLACK, steps, overlays={1: red()}, format="png")).convert("RGB")
    assert image.getchannel("R").getbbox() == box


def test_opacity_and_alpha_multiply() -> None:
    half = Image.new("RGBA", (10, 10), (255, 255, 255, 128))
    steps = mark(opacity=0.5, size=100)
    image = image_of(run(BLACK, steps, overlays={1: encoded(half, "PNG")}, format="png"))
    value = image.convert("RGB").getpixel((60, 30))
    assert value == pytest.approx((64, 64, 64), abs=1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_lies_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = quadrants(60, 40)
    for kind, back in {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.items():
        if kind == orientation:
            turned = turned.transpose(back)
    overlay = encoded(turned, "PNG", exif=exif)
    ground = encoded(Image.new("RGB", (60, 40)), "PNG")
    image = image_of(run(ground, mark(size=100), overlays={1: overlay}, format="png"))
    assert corners(image)[:2] == [RED, GREEN]


def test_gray_stays_gray_under_a_gray_mark_and_turns_coloured_under_another() -> None:
    gray = encoded(Image.new("L", (60, 40), 100), "PNG")
    assert run(gray, mark(), overlays={1: logo("LA")}, format="png").mode == "L"
    assert run(gray, mark(), overlays={1: logo()}, format="png").mode == "RGB"


def test_each_frame_of_an_animation_gets_it() -> None:
    overlays = {1: red()}
    result = run(animation("GIF"), mark(position="north"), overlays=overlays, format="webp")
    assert result.frames == 3
    image = image_of(result)
    for frame in range(3):
        image.seek(frame)
        assert image.convert("RGB").getpixel((20, 4)) == pytest.approx(RED, abs=60)


def test_the_first_frame_of_an_animation_is_used() -> None:
    result = run(BLACK, mark(size=100), overlays={1: animation("GIF")}, format="png")
    assert result.frames == 1
    assert image_of(result).convert("RGB").getbbox() is not None


def test_several_images_in_one_pipeline() -> None:
    pipeline = Pipeline.parse([mark(), step("flip"), mark(image_id=7), mark(image_id=1)])
    assert pipeline.overlay_ids() == {
        "/transformations/0/params/image_id": 1,
        "/transformations/2/params/image_id": 7,
        "/transformations/3/params/image_id": 1,
    }
    data = red()
    resolved = pipeline.with_overlays(
        {1: Overlay.read(data, LIMITS), 7: Overlay.read(data, LIMITS)}
    )
    assert sorted(resolved.overlays) == [1, 7]
    assert resolved.canonical() == pipeline.canonical()


def test_an_image_that_is_not_given_is_refused_with_its_place() -> None:
    pipeline = Pipeline.parse([step("flip"), mark()])
    facts = inspect(BLACK, LIMITS)
    for work in (
        lambda: render(BLACK, facts, pipeline, LIMITS),
        lambda: render(BLACK, facts, pipeline, LIMITS, overlays={2: red()}),
        lambda: plan(facts, pipeline, LIMITS),
    ):
        with pytest.raises(OverlayMissing) as caught:
            work()
        assert caught.value.errors[0].pointer == "/transformations/1/params/image_id"


def test_a_damaged_image_is_refused() -> None:
    data = photo("chelsea.png")
    broken = data[:60_000] + bytes(1000) + data[61_000:]
    with pytest.raises(InvalidImage):
        run(BLACK, mark(), overlays={1: broken}, format="png")


def test_a_large_jpeg_is_decoded_small() -> None:
    large = Overlay.read(encoded(quadrants(1600, 1200), "JPEG"), LIMITS)
    small = Overlay.read(encoded(quadrants(1600, 1200), "PNG"), LIMITS)
    assert large.peak((100, 75)) < small.peak((100, 75)) - 1_000_000
    assert large.pixels((100, 75)).size == (100, 75)


def test_memory_and_work_are_planned() -> None:
    facts = inspect(BLACK, LIMITS)
    large = encoded(Image.new("RGBA", (3000, 2000)), "PNG")
    pipeline = Pipeline.parse([mark()])
    with_small = pipeline.with_overlays({1: Overlay.read(red(), LIMITS)})
    with_large = pipeline.with_overlays({1: Overlay.read(large, LIMITS)})
    small, much = plan(facts, with_small, LIMITS), plan(facts, with_large, LIMITS)
    assert much.peak_bytes > small.peak_bytes + 6_000_000 * 8
    assert much.cost > small.cost + 1
    with pytest.raises(TooMuchMemory):
        plan(facts, with_large, Limits(max_memory_bytes=30_000_000))


def test_the_bytes_of_its_file_are_planned() -> None:
    """The file is held from the first step to the last, whichever of them takes the most memory."""
    camera = Facts("JPEG", 4000, 3000, "RGB", 4_300_000)
    pipeline = Pipeline.parse([mark(), step("rotate", degrees=5)])
    small = inspect(red(), LIMITS)
    large = replace(small, size_bytes=small.size_bytes + 5_000_000)
    peaks = [
        plan(camera, pipeline.with_overlays({1: Overlay(facts)}), LIMITS).peak_bytes
        for facts in (small, large)
    ]
    assert peaks[1] - peaks[0] == 5_000_000


def test_the_canonical_form_of_an_image_watermark_has_no_text_parameters() -> None:
    canonical = Watermark.model_validate({"image_id": 3}).canonical()
    assert canonical == {
        "image_id": 3,
        "position": "southeast",
        "opacity": 0.5,
        "size": 20.0,
        "rotation": 0.0,
        "margin": 16,
    }
    text = Watermark.model_validate({"text": "a"}).canonical()
    assert (text["position"], text["size"], text["font"]) == ("diagonal", 50.0, "dejavu-sans")
    assert "image_id" not in text
