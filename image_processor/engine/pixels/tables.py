"""Lookup tables: the result of a colour step for each of the 256 levels of a channel.

A step has one table for all channels, or three tables for red, green and blue. Tables map sRGB
values, like the programs that the formulas come from. The exception is `gain`, which computes in
linear light.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PIL import Image

Table = tuple[int, ...]

IDENTITY: Final[Table] = tuple(range(256))


def from_curve(curve: Callable[[float], float]) -> Table:
    """The table of a `curve` from 0..1 to 0..1; values outside are clipped."""
    return tuple(min(255, max(0, round(255 * curve(value / 255)))) for value in range(256))


def linear(slope: float, offset: float = 0.0) -> Table:
    """`slope` times the value plus `offset`, both for values 0..1."""
    return from_curve(lambda value: slope * value + offset)


def negative(amount: float) -> Table:
    """The original (`amount` 0) to the negative (1)."""
    return tuple(round(value + (255 - 2 * value) * amount) for value in range(256))


def power(gamma: float) -> Table:
    """The power 1/gamma, as `-gamma` of ImageMagick: above 1 lighter, below 1 darker."""
    return from_curve(lambda value: value ** (1 / gamma))


def steps(levels: int) -> Table:
    """`levels` (2..256) values, evenly spread from black to white."""
    return tuple(round(value * levels // 256 * 255 / (levels - 1)) for value in range(256))


def solarized(threshold: int) -> Table:
    """The negative of every value from `threshold` (0..255) upwards."""
    return tuple(value if value < threshold else 255 - value for value in range(256))


def to_linear(value: float) -> float:
    """sRGB 0..1 to linear light 0..1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def from_linear(value: float) -> float:
    """Linear light 0..1 to sRGB 0..1 (IEC 61966-2-1)."""
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def gain(factor: float) -> Table:
    """`factor` times as much light, computed in linear light, as a lens filter would do."""
    return from_curve(lambda value: from_linear(to_linear(value) * factor))


def tint(shift: float) -> Table:
    """`shift` (-1..1) added to the middle tones, fading out towards black and white.

    The weights are those of `-tint` in ImageMagick.
    """
    return from_curve(lambda value: value + shift * 4 * value * (1 - value))


def apply_tables(image: Image.Image, tables: tuple[Table, ...]) -> Image.Image:
    """`image` (L or RGB) through one table, or an RGB image through three."""
    if len(tables) == 1:
        return image.point(list(tables[0]) * len(image.getbands()))
    colours = image if image.mode == "RGB" else image.convert("RGB")
    return colours.point([value for table in tables for value in table])
