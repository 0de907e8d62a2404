"""Denoise, pixelate and vignette: what they do to the pixels and where."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from image_processor.engine import Pipeline, RegionOutsideImage, inspect, plan
from image_processor.engine.frame import Frame
from image_processor.engine.operations.filters import denoise, vignette
from image_processor.engine.operations.filters.apply_filter import ApplyFilter
from image_processor.engine.operations.filters.denoise import Denoise
from image_processor.engine.operations.filters.pixelate import Pixelate
from image_processor.engine.operations.filters.vignette import Vignette
from tests.engine.builders import LIMITS, encoded, gradient, step

ROOT = Path(__file__).parents[3]


def noisy(size: tuple[int, int], seed: int = 4) -> tuple[Image.Image, Image.Image]:
    """Two flat halves with a sharp edge between them: clean, and with grain of 12 levels."""
    clean = Image.new("RGB", size, (70, 90, 160))
    clean.paste((190, 150, 60), (size[0] // 2, 0, *size))
    grain = np.random.default_rng(seed).normal(0, 12, (size[1], size[0], 3))
    values = (np.asarray(clean) + grain).clip(0, 255).astype(np.uint8)
    return clean, Image.fromarray(values)


def distance(one: Image.Image, two: Image.Image) -> float:
    """The root of the mean square of the differences."""
    return float(np.sqrt(((np.asarray(one, float) - np.asarray(two, float)) ** 2).mean()))


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_denoise_takes_out_grain_and_keeps_the_edge(mode: str) -> None:
    clean, grainy = (image.convert(mode) for image in noisy((121, 81)))
    done = Denoise(strength=0.6).apply(grainy)
    assert distance(done, clean) < 0.4 * distance(grainy, clean)
    edge = np.asarray(done.convert("L"), int)
    assert np.abs(edge[:, 61] - edge[:, 59]).min() > 30


def test_more_strength_leaves_less_grain() -> None:
    clean, grainy = noisy((80, 60))
    left = [distance(Denoise(strength=s).apply(grainy), clean) for s in (0.05, 0.3, 0.6)]
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize("size", [(1, 1), (1, 30), (30, 1), (2, 3), (37, 41)])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_denoise_takes_any_size(size: tuple[int, int], mode: str) -> None:
    image = gradient(*size, mode)
    done = Denoise(strength=1).apply(image)
    assert (done.size, done.mode) == (size, mode)


def test_denoise_gives_the_same_with_any_number_of_threads() -> None:
    image, threads = noisy((130, 90))[1], cv2.getNumThreads()
    results = set()
    for count in (1, 2, 3):
        cv2.setNumThreads(count)
        results.add(Denoise().apply(image).tobytes())
    cv2.setNumThreads(threads)
    assert len(results) == 1


def test_opencv_is_imported_only_on_use() -> None:
    code = "import sys, image_processor.engine; sys.exit('cv2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_strips_leave_no_seams(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    image = noisy((61, 173))[1].convert(mode)
    whole = Denoise().apply(image)
    monkeypatch.setattr(denoise, "strips", lambda *size: [(0, 31), (31, 60), (60, 173)])
    assert Denoise().apply(image).tobytes() == whole.tobytes()
    monkeypatch.undo()
    shaded = Vignette().apply(image)
    monkeypatch.setattr(vignette, "strips", lambda *size: [(0, 31), (31, 60), (60, 173)])
    assert Vignette().apply(image).tobytes() == shaded.tobytes()


def test_each_square_has_the_average_of_its_pixels() -> None:
    image = gradient(23, 17)
    values, done = np.asarray(image, float), np.asarray(Pixelate(size=5).apply(image), float)
    for top in range(0, 17, 5):
        for left in range(0, 23, 5):
            square = done[top : top + 5, left : left + 5].reshape(-1, 3)
            assert (square == square[0]).all()
            mean = values[top : top + 5, left : left + 5].reshape(-1, 3).mean(axis=0)
            assert np.abs(square[0] - mean).max() <= 1


def test_a_square_larger_than_the_picture_leaves_one_colour() -> None:
    done = Pixelate(size=16_384).apply(gradient(30, 20))
    assert len(done.getcolors() or []) == 1


def test_a_region_is_all_that_changes() -> None:
    image = gradient(40, 30)
    region = {"x": 7, "y": 5, "width": 13, "height": 11}
    done = Pixelate.model_validate({"size": 4, "region": region}).apply(image)
    box = (7, 5, 20, 16)
    assert done.crop(box).tobytes() == Pixelate(size=4).apply(image.crop(box)).tobytes()
    done.paste(image.crop(box), box)
    assert done.tobytes() == image.tobytes()


def test_invisible_colours_do_not_show_up() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 255, 0))
    image.paste((255, 0, 0, 255), (0, 0, 4, 8))
    assert Pixelate(size=8).apply(image).getpixel((0, 0)) == (255, 0, 0, 128)


def test_a_region_up_to_the_edge_is_allowed() -> None:
    region = {"x": 30, "y": 20, "width": 10, "height": 10}
    operation = Pixelate.model_validate({"region": region})
    assert operation.plan(Frame(40, 30, "RGB")) == Frame(40, 30, "RGB")


@pytest.mark.parametrize(
    ("region", "place", "limit", "actual"),
    [
        ({"x": 40, "y": 0, "width": 1, "height": 1}, "/x", 39, 40),
        ({"x": 0, "y": 99, "width": 1, "height": 1}, "/y", 29, 99),
        ({"x": 10, "y": 0, "width": 31, "height": 1}, "/width", 30, 31),
        ({"x": 0, "y": 29, "width": 40, "height": 2}, "/height", 1, 2),
    ],
)
def test_a_region_outside_is_refused(
    region: dict[str, Any], place: str, limit: int, actual: int
) -> None:
    facts = inspect(encoded(gradient(40, 30), "PNG"), LIMITS)
    with pytest.raises(RegionOutsideImage, match="40x30") as caught:
        plan(facts, Pipeline.parse([step("pixelate", region=region)]), LIMITS)
    error = caught.value
    assert (error.pointer, error.limit, error.actual) == (
        f"/transformations/0/params/region{place}",
        limit,
        actual,
    )


def test_the_corners_fade_and_the_middle_stays() -> None:
    flat = Image.new("RGB", (301, 201), (200, 200, 200))
    values = np.asarray(Vignette(amount=0.5).apply(flat))[:, :, 0]
    assert values[100, 150] == values[80, 120] == 200
    assert values[0, 0] == values[-1, -1] == pytest.approx(100, abs=2)
    row = values[100, 150:].astype(int)
    assert (np.diff(row) <= 0).all()
    assert np.diff(row).min() >= -2
    assert (values == values[::-1]).all()
    assert (values == values[:, ::-1]).all()


def test_the_corners_take_the_given_colour() -> None:
    done = Vignette(amount=1, color="gold").apply(Image.new("L", (200, 200), 10))
    assert done.mode == "RGB"
    assert np.abs(np.asarray(done)[0, 0].astype(int) - (255, 215, 0)).max() <= 4
    assert done.getpixel((100, 100)) == (10, 10, 10)


def test_the_switch_is_the_step_after_all_others() -> None:
    image = gradient(50, 40)
    both = ApplyFilter(vignette=True, posterize=True, grayscale=True).apply(image)
    before = ApplyFilter(posterize=True, grayscale=True).apply(image)
    assert both.tobytes() == Vignette().apply(before).tobytes()
