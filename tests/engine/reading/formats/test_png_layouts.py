"""Every layout of PNG comes out with the pixels and the transparency of its samples."""

import struct

import numpy as np
import pytest

from image_processor.engine import inspect
from tests.engine.builders import LIMITS, image_of, run, step
from tests.engine.files.png_layouts import LAYOUTS, SAMPLES, write_png
from tests.engine.hostile import png_chunk

SIZE = (11, 13)  # all passes of an interlaced file have pixels, and none has whole bytes


def samples_of(kind: int, depth: int) -> np.ndarray:
    shape = (*SIZE, SAMPLES[kind])
    return np.random.default_rng(depth).integers(0, 2**depth, shape)


def palette(depth: int) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (2**depth, 3))


def rendered(data: bytes) -> np.ndarray:
    """The RGBA of the picture, which the facts have announced."""
    facts = inspect(data, LIMITS)
    result = image_of(run(data, step("flip"), step("flip"), format="png"))
    assert result.has_transparency_data == facts.has_alpha
    return np.asarray(result.convert("RGBA")).astype(int)


def expected(samples: np.ndarray, kind: int, depth: int) -> np.ndarray:
    """Samples scaled to eight bits; a palette looked up."""
    if kind == 3:
        colours = palette(depth)[samples[..., 0]]
        return np.dstack([colours, np.full(SIZE, 255)])
    scaled = samples * 255 / (2**depth - 1)
    gray = [0, 0, 0] if kind in (0, 4) else [0, 1, 2]
    alpha = scaled[..., -1] if kind in (4, 6) else np.full(SIZE, 255)
    return np.dstack([*(scaled[..., band] for band in gray), alpha])


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("kind", "depth"), LAYOUTS)
@pytest.mark.rule("PNG", "read", "All colour types and depths, plain and interlaced.")
def test_samples_come_out_as_they_are(kind: int, depth: int, interlaced: bool) -> None:
    samples = samples_of(kind, depth)
    colours = png_chunk(b"PLTE", palette(depth).astype(np.uint8).tobytes()) if kind == 3 else b""
    data = write_png(samples, kind, depth, colours, interlaced=interlaced)
    assert np.abs(rendered(data) - expected(samples, kind, depth)).max() <= 1


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("kind", "depth"), [layout for layout in LAYOUTS if layout[0] in (0, 2)])
@pytest.mark.rule(
    "PNG",
    "read",
    "Transparency by a colour key at every depth; 16-bit keys are compared with all 16 bits.",
)
def test_pixels_of_the_colour_key_are_clear(kind: int, depth: int, interlaced: bool) -> None:
    samples = samples_of(kind, depth)
    key = samples[4, 5].copy()
    samples[2:5, 3:9] = key
    if depth == 16:
        samples[7, 0], samples[7, 1] = key ^ 1, key ^ 256  # other colours, though like the key
    chunk = png_chunk(b"tRNS", struct.pack(f">{len(key)}H", *key))
    data = write_png(samples, kind, depth, chunk, interlaced=interlaced)
    clear = (samples == key).all(axis=-1)
    found = rendered(data)
    assert (found[..., 3] == np.where(clear, 0, 255)).all()
    assert np.abs(found - expected(samples, kind, depth))[..., :3].max() <= 1


@pytest.mark.parametrize(("kind", "depth"), [(0, 2), (0, 4), (0, 8), (2, 8)])
def test_only_the_low_bits_of_a_colour_key_count(kind: int, depth: int) -> None:
    samples = samples_of(kind, depth)
    key = samples[4, 5] + 2**depth
    chunk = png_chunk(b"tRNS", struct.pack(f">{len(key)}H", *key))
    assert rendered(write_png(samples, kind, depth, chunk))[4, 5, 3] == 0


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
@pytest.mark.parametrize("alphas", [b"\0", b"\xff\0", b"\x80\x40"])
@pytest.mark.rule("PNG", "read", "Palettes with an alpha for each colour.")
def test_a_palette_has_an_alpha_for_each_colour(depth: int, alphas: bytes) -> None:
    samples = samples_of(3, depth)
    samples[0, :2, 0] = 0, 1
    chunks = png_chunk(b"PLTE", palette(depth).astype(np.uint8).tobytes())
    data = write_png(samples, 3, depth, chunks, png_chunk(b"tRNS", alphas))
    table = np.full(2**depth, 255)
    table[: len(alphas)] = list(alphas)
    assert (rendered(data)[..., 3] == table[samples[..., 0]]).all()
