"""Vignette: darken the picture towards its corners."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import Fraction, OpaqueColour, is_gray, rgba
from image_processor.engine.pixels.colour import on_colour
from image_processor.engine.pixels.strips import strips

# The centre stays as it is up to this part of the way to the corners.
_CLEAR = 0.35
_FINENESS = 8192


class Vignette(Operation):
    """Darken the picture towards its corners, as an old lens does; alpha stays."""

    name = "vignette"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"amount": 0.7}
    peak_bytes = (11.0, 15.0)
    work = 0.8

    amount: Fraction = Field(default=0.5, description="How dark the corners become.")
    color: OpaqueColour = Field(default="#000000ff", description="Opaque colour of the corners.")

    def plan(self, frame: Frame) -> Frame:
        return frame if is_gray(self.color) else frame.in_colour()

    def apply(self, image: Image.Image) -> Image.Image:
        colour = rgba(self.color)[:3]
        if is_gray(self.color):
            return on_colour(image, lambda colours: vignette(colours, self.amount, colour))
        return on_colour(image, lambda colours: vignette(_in_colour(colours), self.amount, colour))


def _in_colour(image: Image.Image) -> Image.Image:
    return image if image.mode == "RGB" else image.convert("RGB")


def vignette(
    image: Image.Image, amount: float = 0.5, colour: tuple[int, ...] = (0, 0, 0)
) -> Image.Image:
    """`image` (L or RGB) fading into `colour` by up to `amount` (0..1) in the corners.

    It follows the ellipse that fits the picture: by 3t^2 - 2t^3, where t goes from 0 to 1
    between a third of the way to the corner and the corner.
    """
    fade = _fade(amount)
    across, down = _squares(image.width), _squares(image.height)
    result = image.copy()
    fill = colour if image.mode == "RGB" else colour[0]
    for top, bottom in strips(*image.size):
        places = (across[np.newaxis, :] + down[top:bottom, np.newaxis]).astype(np.uint16)
        result.paste(fill, (0, top, image.width, bottom), Image.fromarray(fade[places]))
    return result


def _fade(amount: float) -> np.ndarray[Any, Any]:
    """The strength in bytes, by the square of the distance in parts of `_FINENESS`."""
    distance = np.sqrt(np.arange(_FINENESS + 1) / _FINENESS)
    part = np.clip((distance - _CLEAR) / (1 - _CLEAR), 0, 1)
    return (255 * amount * part**2 * (3 - 2 * part) + 0.5).astype(np.uint8)


def _squares(length: int) -> np.ndarray[Any, Any]:
    """Of each pixel along a side: its distance from the middle, squared; 1/2 at the ends."""
    place = (np.arange(length, dtype=np.float32) + 0.5) / length * 2 - 1
    return place**2 * np.float32(_FINENESS / 2)
