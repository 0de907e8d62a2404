"""The artistic effects: the look of each, at any size, in any mode."""

from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from image_processor.engine.frame import Frame
from image_processor.engine.operations.artistic import (
    Cartoon,
    ColorPencil,
    OilPainting,
    PopArt,
    Sketch,
    Watercolor,
)
from image_processor.engine.operations.artistic import canvas as canvas_module
from image_processor.engine.operations.artistic import effect as effect_module
from image_processor.engine.operations.artistic.canvas import Canvas
from image_processor.engine.operations.artistic.effect import Effect
from tests.engine.builders import gradient, opened, photo
from tests.engine.similarity import similarity

EFFECTS = (Cartoon, Sketch, ColorPencil, OilPainting, Watercolor, PopArt)
MODES = ("L", "LA", "RGB", "RGBA")

each_effect = pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)


def cat(width: int, mode: str = "RGB") -> Image.Image:
    return opened(photo("chelsea.png")).convert(mode).resize((width, width * 2 // 3))


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, np.int16)


def distance(one: Image.Image, two: Image.Image) -> float:
    """The mean difference of two pictures, in 0..255."""
    return float(np.abs(pixels(one.convert("RGB")) - pixels(two.convert("RGB"))).mean())


def still(image: Image.Image) -> float:
    """The part of the picture where brightness is that of the next pixel, or nearly."""
    return float((np.abs(np.diff(pixels(image.convert("L")), axis=1)) <= 1).mean())


@each_effect
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 3), (7, 5), (40, 31)])
def test_any_size_and_mode_gives_the_planned_frame(
    effect: type[Effect], mode: str, size: tuple[int, int]
) -> None:
    image = gradient(*size, mode)
    for strength in (0.0, 0.4, 1.0):
        step = effect(strength=strength)
        done = step.apply(image)
        assert Frame.of(done) == step.plan(Frame.of(image))
        if mode in ("LA", "RGBA"):
            assert done.getchannel("A").tobytes() == image.getchannel("A").tobytes()


@each_effect
@pytest.mark.parametrize("mode", MODES)
def test_strength_leads_from_the_source_to_the_effect(effect: type[Effect], mode: str) -> None:
    image = cat(180, mode)
    none, little, full = (effect(strength=part).apply(image) for part in (0, 0.3, 1))
    assert none.convert(mode).tobytes() == image.tobytes()
    assert 0 < distance(image, little) < distance(image, full)
    assert distance(image, little) == pytest.approx(0.3 * distance(image, full), rel=0.1)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strips and reduced copies of a sixth of their pixels: small pictures take several."""
    for name in ("STRIP_PIXELS", "WORKING_PIXELS"):
        monkeypatch.setattr(canvas_module, name, getattr(canvas_module, name) // 6)


@each_effect
def test_the_number_of_threads_changes_no_byte(
    effect: type[Effect], monkeypatch: pytest.MonkeyPatch, small_parts: None
) -> None:
    picture = cat(400)
    assert picture.width * picture.height > canvas_module.STRIP_PIXELS
    two = effect().apply(picture).tobytes()
    monkeypatch.setattr(effect_module, "THREADS", 1)
    assert effect().apply(picture).tobytes() == two


@each_effect
def test_the_same_picture_gives_the_same_bytes(effect: type[Effect]) -> None:
    image = cat(240)
    once = effect().apply(image).tobytes()
    cv2.setNumThreads(4)  # what another part of a process may have asked for
    assert effect().apply(image).tobytes() == once
    assert cv2.getNumThreads() == 1


def check_seams(effect: type[Effect], image: Image.Image, factor: int) -> None:
    """Painted in strips the picture is the one that is painted as a whole."""
    step = effect()
    canvas = Canvas(image)
    assert canvas.factor == factor
    assert len(canvas.strips(step.margin(canvas.unit))) > 2
    whole = step.painter(canvas)(canvas.strip(0, image.height, 0))
    in_strips = step.apply(image)
    assert in_strips.tobytes() == Image.fromarray(whole).convert(in_strips.mode).tobytes()


@each_effect
@pytest.mark.parametrize("size", [(600, 440), (120, 1600)])
def test_strips_leave_no_seams(
    effect: type[Effect], size: tuple[int, int], small_parts: None
) -> None:
    check_seams(effect, cat(600).resize(size), factor=1)


@each_effect
def test_strips_of_a_reduced_copy_leave_no_seams(effect: type[Effect], small_parts: None) -> None:
    check_seams(effect, cat(960), factor=2)


@pytest.mark.long
@each_effect
@pytest.mark.parametrize(
    ("size", "factor"), [((1500, 1100), 1), ((300, 4000), 1), ((2400, 1600), 2)]
)
def test_strips_of_a_large_picture_leave_no_seams(
    effect: type[Effect], size: tuple[int, int], factor: int
) -> None:
    check_seams(effect, cat(600).resize(size), factor=factor)


@each_effect
@pytest.mark.parametrize("width", [700, pytest.param(2400, marks=pytest.mark.long)])
def test_it_looks_alike_at_any_size(effect: type[Effect], width: int) -> None:
    small, large = (effect().apply(cat(wide)).resize((90, 60)) for wide in (300, width))
    soft = [picture.convert("L").reduce(3) for picture in (small, large)]
    assert similarity(*soft) > 0.75
    assert distance(small, large) < 20


@each_effect
def test_invisible_pixels_do_not_bleed(effect: type[Effect]) -> None:
    mask = Image.new("L", (120, 80), 0)
    mask.paste(255, (30, 20, 90, 60))
    painted = []
    for hidden in ("red", "#00ff00"):
        image = Image.new("RGBA", (120, 80), hidden)
        image.paste(cat(120), mask=mask)
        image.putalpha(mask)
        done = pixels(effect().apply(image))
        painted.append(done[20:60, 30:90])
    assert np.array_equal(*painted)


def test_a_half_transparent_picture_is_painted_like_an_opaque_one() -> None:
    image = cat(150)
    whole = Cartoon().apply(image)
    veiled = image.convert("RGBA")
    veiled.putalpha(120)
    assert distance(whole, Cartoon().apply(veiled)) < 1


@pytest.mark.parametrize(
    ("effect", "low", "high"),
    [
        (Cartoon, {"levels": 3}, {"levels": 16}),
        (Cartoon, {"edges": 0}, {"edges": 1}),
        (Cartoon, {"line_width": 1}, {"line_width": 8}),
        (Cartoon, {"saturation": 0}, {"saturation": 2}),
        (Sketch, {"edges": 0}, {"edges": 1}),
        (Sketch, {"shading": 0}, {"shading": 1}),
        (Sketch, {"paper": 0}, {"paper": 1}),
        (ColorPencil, {"edges": 0}, {"edges": 1}),
        (ColorPencil, {"pressure": 0}, {"pressure": 1}),
        (ColorPencil, {"saturation": 0}, {"saturation": 2}),
        (ColorPencil, {"paper": 0}, {"paper": 1}),
        (OilPainting, {"brush_size": 0.3}, {"brush_size": 3}),
        (OilPainting, {"relief": 0}, {"relief": 1}),
        (OilPainting, {"saturation": 0}, {"saturation": 2}),
        (Watercolor, {"brush_size": 0.3}, {"brush_size": 3}),
        (Watercolor, {"bleed": 0}, {"bleed": 1}),
        (Watercolor, {"edges": 0}, {"edges": 1}),
        (Watercolor, {"paper": 0}, {"paper": 1}),
        (PopArt, {"palette": "comic"}, {"palette": "candy"}),
        (PopArt, {"levels": 2}, {"levels": 5}),
        (PopArt, {"dots": 0}, {"dots": 1}),
        (PopArt, {"dots": 1, "dot_size": 2}, {"dots": 1, "dot_size": 5}),
        (PopArt, {"edges": 0}, {"edges": 1}),
    ],
)
def test_every_parameter_has_a_visible_effect(
    effect: type[Effect], low: dict[str, Any], high: dict[str, Any]
) -> None:
    image = cat(300)
    assert distance(effect(**low).apply(image), effect(**high).apply(image)) > 0.5


def test_a_cartoon_is_flat_with_few_tones() -> None:
    image = cat(600)
    flat = Cartoon(levels=4, edges=0, saturation=1).apply(image)
    assert still(flat) > 2 * still(image)
    tones = np.bincount(pixels(flat.convert("L")).ravel(), minlength=256) / (600 * 400)
    steps = [0, 85, 170, 255]
    near = sum(tones[max(0, step - 4) : step + 5].sum() for step in steps)
    assert near > 0.8


def test_a_sketch_is_gray_on_white_paper() -> None:
    done = Sketch().apply(cat(600))
    assert done.mode == "L"
    assert np.median(pixels(done)) > 200
    assert pixels(done).min() < 100


def test_coloured_pencils_leave_paper_and_colour() -> None:
    half = Image.new("RGB", (300, 200), "white")
    half.paste((200, 60, 30), (0, 0, 150, 200))
    done = pixels(ColorPencil().apply(half))
    assert done[:, 160:].min() > 235
    red = done[:, :140]
    assert (red[:, :, 0] - red[:, :, 2]).mean() > 90
    assert red[:, :, 1].std() > 10  # strokes, not a flat wash


def test_oil_paint_keeps_borders_and_loses_texture() -> None:
    noise = np.random.RandomState(5).randint(-30, 31, (400, 600))
    halves = np.where(np.arange(600) < 300, 60, 190)[None] + noise
    image = Image.fromarray(halves.clip(0, 255).astype(np.uint8))
    done = pixels(OilPainting(relief=0, brush_size=1).apply(image))
    assert done[:, :290].std() < 8
    assert done[:, 310:].std() < 8
    assert done[:, 310:].mean() - done[:, :290].mean() > 110
    steepest = np.abs(np.diff(done.mean(axis=0))).max()
    assert steepest > 30


def test_watercolour_is_lighter_and_white_stays_paper() -> None:
    image = cat(300)
    assert pixels(Watercolor().apply(image)).mean() > pixels(image).mean() + 10
    paper = Watercolor(paper=0).apply(Image.new("RGB", (100, 80), "white"))
    assert pixels(paper).min() == 255


@pytest.mark.parametrize("levels", [2, 3, 5])
def test_pop_art_prints_in_few_inks(levels: int) -> None:
    done = PopArt(palette="factory", levels=levels, edges=0, dots=0).apply(cat(600))
    counts = sorted((count for count, _ in done.getcolors(10**6) or []), reverse=True)
    assert sum(counts[:levels]) > 0.8 * 600 * 400
