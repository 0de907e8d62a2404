"""Conversion of pictures from a declared colour space to sRGB, in strips and in place."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from image_processor.engine.pixels.strips import strips
from image_processor.engine.reading.colour.space import (
    BT2020_PRIMARIES,
    SRGB_PRIMARIES,
    ColourSpace,
    Curve,
    Primaries,
)
from image_processor.engine.reading.colour.tone_map import (
    Plane,
    hlg_scene_light,
    map_tones,
    pq_light,
    show_hlg,
)

Matrix = NDArray[np.float64]

_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
# A strip takes up to 60 bytes a pixel, so its share of the usual strip is this small.
_STRIP_SHARE = 4


def convert_from(image: Image.Image, space: ColourSpace) -> Image.Image:
    """`image` (`L`, `LA`, `RGB` or `RGBA`) converted from `space` to sRGB.

    Colours are changed in place. Alpha stays as it is. Colours outside sRGB are clipped.
    """
    gray = image.mode in ("L", "LA")
    apart = space.primaries == SRGB_PRIMARIES and isinstance(space.transfer, Curve)
    change = _change_apart(image.mode, space) if gray or apart else _change_together(space)
    for top, bottom in strips(image.width * _STRIP_SHARE, image.height):
        box = (0, top, image.width, bottom)
        image.paste(change(image.crop(box)), box)
    return image


def convert_deep_gray(image: Image.Image, space: ColourSpace) -> Image.Image:
    """`image` (`I;16`, over the whole range) converted from `space` to sRGB in mode `L`."""
    return image.convert("I").point(_gray_levels(space, 65_536).tolist(), "L")


def _change_apart(mode: str, space: ColourSpace) -> Callable[[Image.Image], Image.Image]:
    """The conversion where each channel of the result depends on one channel alone."""
    table = _gray_levels(space, 256).tolist()
    bands = {"L": table, "LA": [*table, *range(256)], "RGB": table * 3}
    tables = bands.get(mode) or [*table * 3, *range(256)]
    return lambda strip: strip.point(tables)


def _change_together(space: ColourSpace) -> Callable[[Image.Image], Image.Image]:
    """The conversion where each channel of the result depends on all channels."""
    curve = _light(space, 256)

    def change(strip: Image.Image) -> Image.Image:
        samples = np.array(strip)
        planes = [curve[samples[..., channel]] for channel in range(3)]
        for channel, plane in enumerate(_to_srgb(planes, space)):
            samples[..., channel] = _encode(plane)
        return Image.fromarray(samples)

    return change


def _gray_levels(space: ColourSpace, count: int) -> NDArray[np.uint8]:
    """The sRGB level of each of `count` gray levels of `space`."""
    light = _light(space, count)
    return _encode(_to_srgb([light, light, light], space)[1])


def _light(space: ColourSpace, count: int) -> Plane:
    """The light of each of `count` levels; of an HLG scene, not yet shown on a display."""
    levels = np.arange(count, dtype=np.float64)
    if space.full_range:
        levels /= count - 1
    else:
        step = count / 256
        levels = ((levels - 16 * step) / (219 * step)).clip(0, 1)
    if space.transfer == "PQ":
        light = pq_light(levels)
    elif space.transfer == "HLG":
        light = hlg_scene_light(levels)
    else:
        light = _curve_light(space.transfer, levels)
    return light.astype(np.float32)


def _curve_light(curve: Curve, levels: NDArray[np.float64]) -> NDArray[np.float64]:
    bent = (curve.scale * levels + curve.shift) ** curve.exponent
    return np.where(levels < curve.limit, curve.slope * levels, bent)


def _to_srgb(planes: list[Plane], space: ColourSpace) -> list[Plane]:
    """Linear red, green and blue of sRGB, for the light of `space`."""
    if isinstance(space.transfer, Curve):
        return _multiply(planes, _matrix(space.primaries, SRGB_PRIMARIES))
    wide = _multiply(planes, _matrix(space.primaries, BT2020_PRIMARIES))
    if space.transfer == "HLG":
        wide = show_hlg(wide)
    return _multiply(map_tones(wide, space.peak), _matrix(BT2020_PRIMARIES, SRGB_PRIMARIES))


def _multiply(planes: list[Plane], matrix: Matrix | None) -> list[Plane]:
    """The planes times `matrix`; None leaves them as they are."""
    if matrix is None:
        return planes
    red, green, blue = planes
    rows = matrix.astype(np.float32)
    return [row[0] * red + row[1] * green + row[2] * blue for row in rows]


@lru_cache(maxsize=64)
def _matrix(source: Primaries, target: Primaries) -> Matrix | None:
    """From linear RGB to linear RGB, with the white point adapted (Bradford)."""
    if source == target:
        return None
    return np.asarray(np.linalg.inv(_to_xyz(target)) @ _adapted(source, target) @ _to_xyz(source))


def _to_xyz(primaries: Primaries) -> Matrix:
    """From linear RGB to XYZ, where white has the luminance 1."""
    white, *colours = (_xyz(*primaries[at : at + 2]) for at in range(0, 8, 2))
    columns = np.array(colours).T
    white = white / white[1]
    return np.asarray(columns * np.linalg.solve(columns, white))


def _xyz(x: float, y: float) -> Matrix:
    return np.array([x, y, 1 - x - y])


def _adapted(source: Primaries, target: Primaries) -> Matrix:
    """From XYZ under the white of `source` to XYZ under that of `target`."""
    before, after = (_BRADFORD @ (_xyz(*p[:2]) / p[1]) for p in (source, target))
    return np.asarray(np.linalg.inv(_BRADFORD) @ np.diag(after / before) @ _BRADFORD)


def _encode(light: Plane) -> NDArray[np.uint8]:
    """The sRGB levels of linear light, clipped to 0..1."""
    index = np.clip(light, 0, 1) * np.float32(65_535) + np.float32(0.5)
    return _encoding()[index.astype(np.uint16)]


@lru_cache(maxsize=1)
def _encoding() -> NDArray[np.uint8]:
    """The sRGB level of each of 65,536 steps of light (IEC 61966-2-1)."""
    light = np.linspace(0, 1, 65_536)
    levels = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (levels * 255).round().astype(np.uint8)
