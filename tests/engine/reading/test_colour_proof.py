"""Photographs in other colour spaces than sRGB, against independent references.

Differences are CIEDE2000, of every pixel: 3 is what people hardly see side by side.
"""

import io

import numpy as np
import pytest
import pyvips
from PIL import Image

from tests.engine.builders import encoded, image_of, opened, photo, run, step
from tests.engine.files.profiles import P3_PRIMARIES, SRGB_PRIMARIES, matrix_profile, srgb_curve

NAMES = ("chelsea.png", "rocket.jpg", "astronaut.jpg")
SAME = step("crop", x=0, y=0, width=240, height=160)


def photograph(name: str) -> Image.Image:
    return opened(photo(name)).convert("RGB").resize((240, 160), Image.Resampling.LANCZOS)


def in_vips(image: Image.Image) -> pyvips.Image:
    """An sRGB picture of eight bits, for libvips."""
    return pyvips.Image.new_from_buffer(encoded(image, "PNG"), "")


def differences(one: pyvips.Image, other: pyvips.Image) -> np.ndarray:
    """CIEDE2000 of each pixel; of pictures in sRGB, at eight or sixteen bits."""
    return np.asarray(one.colourspace("lab").dE00(other.colourspace("lab")))


@pytest.mark.parametrize("suffix", [".tif", ".jpg[Q=95,subsample_mode=off]"])
@pytest.mark.parametrize("name", NAMES)
def test_a_cmyk_photograph_keeps_its_colours(name: str, suffix: str) -> None:
    """The profile is of a printing press; libvips converts through it at 16 bits."""
    separated = in_vips(photograph(name)).icc_transform("cmyk", intent="perceptual")
    data = separated.write_to_buffer(suffix)
    stored = pyvips.Image.new_from_buffer(data, "")
    assert (stored.bands, stored.interpretation) == (4, "cmyk")
    reference = stored.icc_transform("srgb", intent="perceptual", embedded=True, depth=16)
    result = run(data, SAME, format="png")
    assert result.warnings == []
    found = differences(in_vips(image_of(result)), reference)
    assert found.max() < 3
    plain = Image.open(io.BytesIO(data)).convert("RGB")
    assert differences(in_vips(plain), reference).mean() > 3  # without the profile it is not so


def to_srgb(levels: np.ndarray, primaries: dict[bytes, tuple[float, float, float]]) -> np.ndarray:
    """What a profile of these primaries and sRGB's curve means, in sRGB, at sixteen bits."""
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    forth = np.array(list(primaries.values())).T
    back = np.linalg.inv(np.array(list(SRGB_PRIMARIES.values())).T)
    light = (light @ (back @ forth).T).clip(0, 1)
    curve = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray((curve * 65_535).round().astype(np.uint16))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format_name", ["PNG", "TIFF", "JPEG", "WEBP", "AVIF"])
def test_a_wide_gamut_photograph_keeps_its_colours(name: str, format_name: str) -> None:
    """The reference is the arithmetic of the definition, in floating point."""
    profile = matrix_profile("Wide gamut photograph", P3_PRIMARIES, srgb_curve(1024))
    lossy = {"quality": 95} if format_name in ("JPEG", "WEBP", "AVIF") else {}
    data = encoded(photograph(name), format_name, icc_profile=profile, **lossy)
    stored = np.asarray(opened(data).convert("RGB"), dtype=float) / 255
    reference = pyvips.Image.new_from_array(to_srgb(stored, P3_PRIMARIES))
    reference = reference.copy(interpretation="rgb16")
    result = run(data, SAME, format="png")
    assert result.warnings == []
    found = differences(in_vips(image_of(result)), reference)
    assert found.max() < 3
    plain = in_vips(opened(data).convert("RGB"))
    assert differences(plain, reference).max() > 3


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_a_channel_come_out_even(suffix: str) -> None:
    """A ramp so slow that wrong rounding would show as steps or as a shift."""
    across = np.linspace(0, 65_535, 1024).round().astype(np.uint16)
    deep = np.stack([np.tile(ramp, (64, 1)) for ramp in (across, across[::-1], across // 2)], 2)
    data = pyvips.Image.new_from_array(deep).copy(interpretation="rgb16").write_to_buffer(suffix)
    result = np.asarray(image_of(run(data, step("flip"), format="png")), dtype=float)
    assert np.abs(result - deep / 257).max() <= 1
    assert [len(np.unique(result[..., band])) for band in range(3)] == [256, 256, 128]


def test_a_wide_gamut_keeps_its_alpha() -> None:
    profile = matrix_profile("Wide gamut photograph", P3_PRIMARIES, srgb_curve(1024))
    source = opened(photo("horse.png")).convert("RGBA").resize((240, 160))
    result = image_of(run(encoded(source, "PNG", icc_profile=profile), SAME, format="png"))
    assert result.getchannel("A").tobytes() == source.getchannel("A").tobytes()
