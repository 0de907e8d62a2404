"""auto_contrast and equalize."""

import io

import numpy as np
import pytest
from PIL import Image

from image_processor.engine.operations.tone.auto_contrast import AutoContrast, stretch
from image_processor.engine.operations.tone.equalize import Equalize, equalize
from image_processor.engine.operations.tone.histogram import count_values
from image_processor.engine.pixels.tables import IDENTITY
from tests.engine.builders import encoded, gradient, run, step


def dull(mode: str = "RGB") -> Image.Image:
    """Tones from 80 to 160 only."""
    image = gradient(64, 64, mode)
    return image.point([80 + value * 80 // 255 for value in range(256)] * len(image.getbands()))


def test_auto_contrast_uses_the_whole_range_and_shifts_no_colour() -> None:
    image = dull()
    stretched = AutoContrast().apply(image)
    assert {*map(tuple, stretched.getextrema())} == {(0, 255)}  # type: ignore[arg-type]
    cast = Image.merge(
        "RGB",
        [
            band.point(lambda v, n=n: v - 10 * n)
            for n, band in enumerate(image.split())  # type: ignore[misc]
        ],
    )
    low, high = zip(*AutoContrast().apply(cast).getextrema(), strict=True)  # type: ignore[arg-type]
    assert min(low) == 0
    assert max(high) == 255
    assert low[2] < low[1] < low[0]


def test_the_cutoff_ignores_that_share_at_each_end() -> None:
    histogram = [0] * 256
    histogram[10], histogram[50], histogram[200], histogram[250] = 5, 45, 45, 5
    assert stretch(histogram, 0)[10] == 0
    assert stretch(histogram, 4.9)[10] == 0
    assert stretch(histogram, 5)[50] == 0
    assert stretch(histogram, 5)[200] == 255
    assert stretch(histogram, 49)[50] == 0
    assert equalize(histogram, 5)[50] == 0
    assert equalize(histogram, 5)[250] == 255


@pytest.mark.parametrize("make", [stretch, equalize])
def test_a_histogram_of_one_tone_or_none_changes_nothing(make: object) -> None:
    only = [0] * 256
    assert make(only, 0) == IDENTITY  # type: ignore[operator]
    only[7] = 100
    assert make(only, 0) == IDENTITY  # type: ignore[operator]
    assert make(only, 49) == IDENTITY  # type: ignore[operator]


def test_equalize_makes_every_range_about_as_frequent() -> None:
    image = Image.radial_gradient("L").point([value * value // 255 for value in range(256)])
    quarters = np.histogram(np.asarray(Equalize().apply(image)), bins=4, range=(0, 256))[0]
    before = np.histogram(np.asarray(image), bins=4, range=(0, 256))[0]
    assert before.max() / before.sum() > 0.35
    assert quarters.max() / quarters.sum() < 0.27
    assert quarters.min() / quarters.sum() > 0.23


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize("kind", [AutoContrast, Equalize])
def test_invisible_pixels_do_not_count(mode: str, kind: type) -> None:
    image = dull(mode)
    image.putalpha(255)
    clear = image.copy()
    clear.paste(Image.new(mode, (10, 64)), (0, 0))
    part = image.crop((10, 0, 64, 64))
    assert kind().apply(clear).crop((10, 0, 64, 64)).tobytes() == kind().apply(part).tobytes()
    assert sum(count_values(clear)) == 54 * 64 * (1 if mode == "LA" else 3)


@pytest.mark.parametrize("name", ["auto_contrast", "equalize"])
def test_an_animation_does_not_flicker(name: str) -> None:
    frames = [Image.new("RGB", (32, 32), (90, 90, 90)) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.paste((60 + 50 * number,) * 3, (0, 0, 16, 32))
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    done = Image.open(io.BytesIO(run(data, step(name), lossless=True, format="webp").data))
    ground = []
    for number in range(3):
        done.seek(number)
        ground.append(done.convert("RGB").getpixel((25, 10)))
    assert len(set(ground)) == 1
