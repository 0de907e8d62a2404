"""Colour matrices: each channel of the result is a weighted sum of red, green and blue.

A matrix has three rows, one for each channel of the result: the weights of red, green and blue,
and an offset in units of 0..255. Matrices apply to sRGB values, as the CSS filters do.
"""

from __future__ import annotations

import math
from typing import Final

from PIL import Image

Row = tuple[float, float, float, float]
Matrix = tuple[Row, Row, Row]

IDENTITY: Final[Matrix] = ((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0))

# The luma of Rec. 601, which Pillow's conversion to gray uses too.
LUMA: Final = (0.299, 0.587, 0.114)

# From the CSS Filter Effects specification.
_SEPIA: Final[Matrix] = (
    (0.393, 0.769, 0.189, 0.0),
    (0.349, 0.686, 0.168, 0.0),
    (0.272, 0.534, 0.131, 0.0),
)
_GRAY: Final[Matrix] = ((*LUMA, 0.0), (*LUMA, 0.0), (*LUMA, 0.0))
_HUE_LUMA: Final = (0.213, 0.715, 0.072)
_HUE_SINES: Final = (
    (-0.213, -0.715, 0.928),
    (0.143, 0.140, -0.283),
    (-0.787, 0.715, 0.072),
)


def interpolate(start: Matrix, end: Matrix, amount: float) -> Matrix:
    """`start` (`amount` 0) to `end` (1), linearly; beyond `end` for larger amounts."""
    first, second, third = (
        tuple(low + (high - low) * amount for low, high in zip(one, two, strict=True))
        for one, two in zip(start, end, strict=True)
    )
    return first, second, third  # type: ignore[return-value]  # rows of four values


def gray(amount: float) -> Matrix:
    """The original (0) to gray (1)."""
    return interpolate(IDENTITY, _GRAY, amount)


def sepia(amount: float) -> Matrix:
    """The original (0) to the brown tones of `sepia()` in CSS (1)."""
    return interpolate(IDENTITY, _SEPIA, amount)


def saturation(factor: float) -> Matrix:
    """Saturation by `factor`: 0 is gray, 1 the original, 2 twice as colourful.

    As `saturate()` in CSS, but with the weights of Rec. 601, so that 0 gives the gray of `gray`.
    """
    return interpolate(_GRAY, IDENTITY, factor)


def hue(degrees: float) -> Matrix:
    """Colours rotated by `degrees` around the gray axis, as `hue-rotate()` in CSS."""
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    rows = [
        tuple(
            luma + cosine * (float(across == down) - luma) + sine * _HUE_SINES[down][across]
            for across, luma in enumerate(_HUE_LUMA)
        )
        for down in range(3)
    ]
    return tuple((*row, 0.0) for row in rows)  # type: ignore[return-value]  # three of four


def two_tones(dark: tuple[int, ...], light: tuple[int, ...]) -> Matrix:
    """A gradient from `dark` to `light` (red, green, blue), chosen by luma."""
    red, green, blue = (
        (
            LUMA[0] * (high - low) / 255,
            LUMA[1] * (high - low) / 255,
            LUMA[2] * (high - low) / 255,
            float(low),
        )
        for low, high in zip(dark[:3], light[:3], strict=True)
    )
    return red, green, blue


def product(first: Matrix, second: Matrix) -> Matrix:
    """The matrix of `first` followed by `second`, without rounding in between."""
    rows = []
    for *weights, offset in second:
        columns = [
            sum(weight * row[at] for weight, row in zip(weights, first, strict=True))
            for at in range(4)
        ]
        rows.append((*columns[:3], columns[3] + offset))
    return tuple(rows)  # type: ignore[return-value]  # three of four


def clips(matrix: Matrix) -> bool:
    """Whether the matrix maps some colour outside of 0..255, so that the result is not linear."""
    for *weights, offset in matrix:
        lowest = offset + 255 * sum(weight for weight in weights if weight < 0)
        highest = offset + 255 * sum(weight for weight in weights if weight > 0)
        if lowest < -0.5 or highest > 255.5:
            return True
    return False


def apply_matrix(image: Image.Image, matrix: Matrix) -> Image.Image:
    """`image` (L or RGB) through `matrix`, as RGB."""
    colours = image if image.mode == "RGB" else image.convert("RGB")
    return colours.convert("RGB", (*matrix[0], *matrix[1], *matrix[2]))
