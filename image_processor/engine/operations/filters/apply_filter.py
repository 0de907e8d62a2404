"""`apply_filter`: the simple filters as switches, the form that existing clients send."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from PIL import Image, ImageFilter
from pydantic import Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.filters.blur import Blur, Sharpen
from image_processor.engine.operations.filters.kernels import convolved
from image_processor.engine.operations.filters.vignette import Vignette
from image_processor.engine.operations.tone.levels import Posterize, Solarize
from image_processor.engine.operations.tone.without_colour import Grayscale, Invert, Sepia
from image_processor.engine.pixels.colour import on_colour
from image_processor.engine.pixels.fusion_colour import ColourStep

_KERNELS: dict[str, type[ImageFilter.BuiltinFilter]] = {
    "emboss": ImageFilter.EMBOSS,
    "edges": ImageFilter.FIND_EDGES,
    "contour": ImageFilter.CONTOUR,
    "detail": ImageFilter.DETAIL,
    "smooth": ImageFilter.SMOOTH,
}


def _filtered(name: str) -> Callable[[Image.Image], Image.Image]:
    return lambda image: on_colour(image, lambda colour: convolved(colour, _KERNELS[name]))


# In the order in which they are applied; where an operation of the name exists, it is that one
# with its defaults.
_SWITCHES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "grayscale": Grayscale().apply,
    "sepia": Sepia().apply,
    "blur": Blur().apply,
    "sharpen": Sharpen().apply,
    "invert": Invert().apply,
    "emboss": _filtered("emboss"),
    "edges": _filtered("edges"),
    "contour": _filtered("contour"),
    "detail": _filtered("detail"),
    "smooth": _filtered("smooth"),
    "solarize": Solarize().apply,
    "posterize": Posterize().apply,
    "vignette": Vignette().apply,
}

# Those of them that look at the next pixels, and what they make of a plain area: a gray, or the
# area as it is. On a reduced picture, whose pixels differ more, they are that much weaker.
_PLAIN: dict[str, int | None] = {
    "emboss": 128,
    "edges": 0,
    "contour": 255,
    "detail": None,
    "smooth": None,
}

# Those of them that change each pixel's colour by itself.
_COLOURS: dict[str, tuple[ColourStep, ...]] = {
    "grayscale": Grayscale().colour(),
    "sepia": Sepia().colour(),
    "invert": Invert().colour(),
    "solarize": Solarize().colour(),
    "posterize": Posterize().colour(),
}


class ApplyFilter(Operation):
    """Simple filters by switches; those that are on are applied in the order listed."""

    name = "apply_filter"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"grayscale": True}
    peak_bytes = (17.0, 21.0)
    work = 3.0

    grayscale: bool = Field(default=False, description="Take the colour out.")
    sepia: bool = Field(default=False, description="Brown tones.")
    blur: bool = Field(default=False, description="Gaussian blur with a radius of 2 px.")
    sharpen: bool = Field(default=False, description="Unsharp mask: 150 %, 2 px, threshold 3.")
    invert: bool = Field(default=False, description="Negative.")
    emboss: bool = Field(default=False, description="Relief.")
    edges: bool = Field(default=False, description="Bright edges on black.")
    contour: bool = Field(default=False, description="Dark lines on white.")
    detail: bool = Field(default=False, description="Slightly crisper.")
    smooth: bool = Field(default=False, description="Slightly softer.")
    solarize: bool = Field(default=False, description="Invert what is brighter than half.")
    posterize: bool = Field(default=False, description="Eight levels in each channel.")
    vignette: bool = Field(default=False, description="Darken the corners by half.")

    _scale: float = PrivateAttr(default=1.0)

    @model_validator(mode="after")
    def _some_switch(self) -> ApplyFilter:
        if not self._on():
            raise PydanticCustomError("missing", "needs at least one filter that is true")
        return self

    def _on(self) -> list[str]:
        return [name for name in _SWITCHES if getattr(self, name)]

    def scales(self) -> bool:
        return set(self._on()) <= {"grayscale", "invert"}

    def colour(self) -> tuple[ColourStep, ...] | None:
        names = self._on()
        if not set(names) <= set(_COLOURS):
            return None
        return tuple(step for name in names for step in _COLOURS[name])

    def plan(self, frame: Frame) -> Frame:
        if self.sepia:
            return frame.in_colour()
        return frame.in_gray() if self.grayscale else frame

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> ApplyFilter:
        reduced = self.model_copy()
        reduced._scale = math.sqrt(real.pixels / full.pixels)
        return reduced

    def apply(self, image: Image.Image) -> Image.Image:
        for name in self._on():
            image = _SWITCHES[name](image) if self._scale == 1 else self._weaker(name, image)
        return image

    def _weaker(self, name: str, image: Image.Image) -> Image.Image:
        """What the switch does to a picture of which `image` is a reduced copy."""
        if name in ("blur", "sharpen"):
            whole = Blur() if name == "blur" else Sharpen()
            step = whole.model_copy(update={"radius": whole.radius * self._scale})
            return step.apply(image)
        if name not in _PLAIN:
            return _SWITCHES[name](image)
        gray = _PLAIN[name]

        def weaken(colours: Image.Image) -> Image.Image:
            plain = colours
            if gray is not None:
                fill = (gray,) * len(colours.getbands())
                plain = Image.new(colours.mode, colours.size, fill)
            return Image.blend(plain, convolved(colours, _KERNELS[name]), self._scale)

        return on_colour(image, weaken)
