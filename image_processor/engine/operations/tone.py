"""Operations that change colours pixel by pixel: grayscale, sepia, invert."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image, ImageChops
from pydantic import Field

from image_processor.engine.colour import on_colour, without_colour
from image_processor.engine.fusion_colour import ColourStep, Curve, Luma, Matrix
from image_processor.engine.operations.base import Frame, Group, Operation
from image_processor.engine.operations.parameters import Fraction

# Rows of the sepia matrix of the CSS Filter Effects specification.
_SEPIA = (0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131)
_LUMA = (0.299, 0.587, 0.114) * 3
_SAME = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def _mixed(image: Image.Image, weights: tuple[float, ...], amount: float) -> Image.Image:
    """`image` (RGB) through a 3x3 matrix, by `amount` 0..1 of the way."""
    return image.convert("RGB", _matrix(weights, amount).cells)


def _matrix(weights: tuple[float, ...], amount: float) -> Matrix:
    cells = [same + (new - same) * amount for same, new in zip(_SAME, weights, strict=True)]
    return Matrix((*cells[0:3], 0.0, *cells[3:6], 0.0, *cells[6:9], 0.0))


def sepia(image: Image.Image, amount: float = 1.0) -> Image.Image:
    """`image` (L or RGB) in brown tones, as RGB."""
    return _mixed(image if image.mode == "RGB" else image.convert("RGB"), _SEPIA, amount)


def invert(image: Image.Image, amount: float = 1.0) -> Image.Image:
    """`image` (L or RGB) as its negative."""
    if amount == 1:
        return ImageChops.invert(image)
    return image.point(_negative(amount) * len(image.getbands()))


def _negative(amount: float) -> list[int]:
    return [round(value + (255 - 2 * value) * amount) for value in range(256)]


class Grayscale(Operation):
    """Take the colour out; in full it leaves a single-channel picture."""

    name = "grayscale"
    group = Group.TONE
    example: ClassVar[dict[str, Any]] = {}
    peak_bytes = (9.0, 14.0)

    amount: Fraction = Field(default=1.0, description="How much of the colour is taken out.")

    def scales(self) -> bool:
        return True

    def colour(self) -> tuple[ColourStep, ...]:
        return (Luma() if self.amount == 1 else _matrix(_LUMA, self.amount),)

    def plan(self, frame: Frame) -> Frame:
        return frame.in_gray() if self.amount == 1 else frame

    def apply(self, image: Image.Image) -> Image.Image:
        if self.amount == 1:
            return without_colour(image)
        if image.mode in ("L", "LA"):
            return image
        return on_colour(image, lambda colour: _mixed(colour, _LUMA, self.amount))


class Sepia(Operation):
    """Brown tones, like an old photograph."""

    name = "sepia"
    group = Group.TONE
    example: ClassVar[dict[str, Any]] = {"amount": 0.8}
    peak_bytes = (9.0, 14.0)

    amount: Fraction = Field(default=1.0, description="How far from the original to sepia.")

    def colour(self) -> tuple[ColourStep, ...]:
        return (_matrix(_SEPIA, self.amount),)

    def plan(self, frame: Frame) -> Frame:
        return frame.in_colour()

    def apply(self, image: Image.Image) -> Image.Image:
        return on_colour(image, lambda colour: sepia(colour, self.amount))


class Invert(Operation):
    """The negative of the picture; alpha stays."""

    name = "invert"
    group = Group.TONE
    example: ClassVar[dict[str, Any]] = {}
    peak_bytes = (9.0, 14.0)

    amount: Fraction = Field(default=1.0, description="How far from the original to negative.")

    def colour(self) -> tuple[ColourStep, ...]:
        return (Curve.of(_negative(self.amount)),)

    def apply(self, image: Image.Image) -> Image.Image:
        return on_colour(image, lambda colour: invert(colour, self.amount))
