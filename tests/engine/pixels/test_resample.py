"""Resampling: exact sizes, Pillow's geometry, alpha, and Pillow where libvips is absent."""

import math
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from image_processor.engine.pixels.resample import Box, Kernel, full_box, libvips_version, resample
from tests.engine.builders import gradient, opened, photo
from tests.engine.similarity import similarity

ROOT = Path(__file__).parents[3]
FAST: list[Kernel] = ["lanczos", "bicubic", "bilinear"]
PILLOW = {"lanczos": Image.Resampling.LANCZOS, "bicubic": Image.Resampling.BICUBIC}
PILLOW["bilinear"] = Image.Resampling.BILINEAR


def psnr(one: Image.Image, two: Image.Image) -> float:
    """How near two pictures are, in dB: above 40 nobody sees a difference."""
    assert (one.size, one.mode) == (two.size, two.mode)
    error = float(((np.asarray(one, float) - np.asarray(two, float)) ** 2).mean())
    return 10 * math.log10(255**2 / error) if error else math.inf


def cat(mode: str = "RGB", width: int = 451, height: int = 300) -> Image.Image:
    image = opened(photo("chelsea.png")).convert(mode).resize((width, height))
    if mode in ("LA", "RGBA"):
        image.putalpha(gradient(*image.size).getchannel("B"))
    return image


def large_cat(mode: str = "RGB") -> Image.Image:
    """Large enough for libvips, with sides that few numbers divide."""
    return cat(mode, 1353, 902)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("kernel", FAST)
@pytest.mark.parametrize(
    "size", [(675, 450), (900, 899), (303, 201), (40, 40), (7, 3), (1353, 20), (451, 451)]
)
def test_reduced_pictures_equal_pillow_s(size: tuple[int, int], kernel: Kernel, mode: str) -> None:
    image = large_cat(mode)
    result = resample(image, size, kernel, full_box(image.size))
    assert (result.size, result.mode) == (size, mode)
    expected = image.resize(size, PILLOW[kernel])
    if mode in ("LA", "RGBA"):  # hardly visible pixels may be of any colour
        ground = Image.new("RGBA", size, "gray")
        result = Image.alpha_composite(ground, result.convert("RGBA"))
        expected = Image.alpha_composite(ground, expected.convert("RGBA"))
    assert psnr(result, expected) > 40


def test_a_fractional_box_gives_pillow_s_pixels() -> None:
    image = large_cat()
    random.seed(5)
    for _ in range(40):
        left, top = random.uniform(0, 300), random.uniform(0, 200)
        box = (left, top, left + random.uniform(760, 1050), top + random.uniform(660, 700))
        shrink = random.uniform(1, 7)
        size = round((box[2] - left) / shrink), round((box[3] - top) / shrink)
        result = resample(image, size, "lanczos", box)
        assert result.size == size
        assert psnr(result, image.resize(size, Image.Resampling.LANCZOS, box=box)) > 33


@pytest.mark.parametrize("kernel", ["hamming", "box", "nearest"])
def test_kernels_that_libvips_lacks_are_pillows(kernel: Kernel) -> None:
    image = cat()
    method = Image.Resampling[kernel.upper()]
    expected = image.resize((300, 200), method)
    assert resample(image, (300, 200), kernel, full_box(image.size)).tobytes() == expected.tobytes()


@pytest.mark.parametrize("box", [(0.0, 0.0, 451.0, 300.0), (10.0, 20.0, 100.5, 90.0)])
def test_enlarging_is_pillows(box: Box) -> None:
    image = cat()
    expected = image.resize((700, 500), Image.Resampling.LANCZOS, box=box)
    assert resample(image, (700, 500), "lanczos", box).tobytes() == expected.tobytes()


@pytest.mark.parametrize("side", [20, 400], ids=["in blocks first", "in one pass"])
def test_invisible_pixels_do_not_bleed(side: int) -> None:
    image = Image.new("RGBA", (800, 800), (0, 255, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 405, 800))
    result = resample(image, (side, side), "lanczos", full_box(image.size))
    red, green, _, alpha = np.moveaxis(np.asarray(result), -1, 0)
    visible = alpha >= 16
    assert visible.any()
    assert red[visible].min() > 240
    assert green[visible].max() < 16


def test_the_centre_stays_the_centre() -> None:
    for length in (64, 101, 800, 901):
        image = gradient(length, length)
        result = resample(image, (10, 10), "lanczos", full_box(image.size))
        turned = image.transpose(Image.Transpose.ROTATE_180)
        again = resample(turned, (10, 10), "lanczos", full_box(image.size))
        assert psnr(result, again.transpose(Image.Transpose.ROTATE_180)) > 48


def test_resampling_to_the_same_size_changes_nothing() -> None:
    image = cat()
    assert resample(image, image.size, "lanczos", full_box(image.size)).tobytes() == image.tobytes()


def test_libvips_is_loaded_only_when_pixels_are_resampled() -> None:
    """A process that has used libvips must not fork; planning does not use it."""
    code = (
        "import image_processor.engine as e, image_processor.engine.pixels.resample as r, os, sys\n"
        "def threads():\n"  # OpenCV and NumPy have some of their own from the start
        "    return len(os.listdir('/proc/self/task')) if os.path.isdir('/proc/self') else 0\n"
        "imported = threads()\n"
        "assert 'pyvips' not in sys.modules\n"
        "e.engine_version()\n"
        "assert r._libvips.cache_info().currsize == 0\n"
        "assert threads() == imported, (threads(), imported)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_a_worker_forked_after_reading_the_version_resamples() -> None:
    code = (
        "import os, sys\n"
        "from image_processor.engine import engine_version\n"
        "from tests.engine.pixels.test_resample import large_cat, resample, full_box\n"
        "engine_version(); image = large_cat()\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    resample(image, (50, 40), 'lanczos', full_box(image.size)); os._exit(7)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_without_libvips_pillow_resamples() -> None:
    code = (
        "import sys; sys.modules['pyvips'] = None\n"
        "from tests.engine.pixels.test_resample import large_cat\n"
        "from image_processor.engine import engine_version\n"
        "from image_processor.engine.pixels.resample import libvips_version, resample, full_box\n"
        "assert libvips_version() is None and 'libvips' not in engine_version()\n"
        "image = large_cat()\n"
        "result = resample(image, (100, 67), 'lanczos', full_box(image.size))\n"
        "sys.stdout.buffer.write(result.tobytes())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60, capture_output=True
    )
    alone = Image.frombytes("RGB", (100, 67), done.stdout)
    image = large_cat()
    assert libvips_version() is not None
    assert similarity(alone, resample(image, (100, 67), "lanczos", full_box(image.size))) > 0.99
