"""Vignette: darken the picture towards its corners."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import Fraction
from image_processor.engine.pixels.alpha import on_colour
from image_processor.engine.pixels.css_colour import OpaqueColour, is_gray, rgba
from image_processor.engine.pixels.strips import strips

# Up to this fraction of the way to the corners the picture stays as it is.
_UNCHANGED = 0.35
_DISTANCE_STEPS = 8192


class Vignette(Operation):
    """Darken the picture towards its corners, as old lenses do; alpha stays."""

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
        return on_colour(image, lambda colours: vignette(_to_rgb(colours), self.amount, colour))


def _to_rgb(image: Image.Image) -> Image.Image:
    return image if image.mode == "RGB" else image.convert("RGB")


def vignette(
    image: Image.Image, amount: float = 0.5, colour: tuple[int, ...] = (0, 0, 0)
) -> Image.Image:
    """`image` (`L` or `RGB`) fading into `colour` by up to `amount` (0..1) in the corners.

    The fade follows an ellipse with the aspect ratio of the image. Its strength is 3t^2 - 2t^3;
    t grows from 0, at `_UNCHANGED` of the way to the corner, to 1 in the corner.
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
    """The strength (0..255) by the squared distance, in `_DISTANCE_STEPS` steps."""
    distance = np.sqrt(np.arange(_DISTANCE_STEPS + 1) / _DISTANCE_STEPS)
    part = np.clip((distance - _UNCHANGED) / (1 - _UNCHANGED), 0, 1)
    return (255 * amount * part**2 * (3 - 2 * part) + 0.5).astype(np.uint8)


def _squares(length: int) -> np.ndarray[Any, Any]:
    """The squared distance from the middle of each pixel along a side; 1/2 at the ends."""
    place = (np.arange(length, dtype=np.float32) + 0.5) / length * 2 - 1
    return place**2 * np.float32(_DISTANCE_STEPS / 2)
