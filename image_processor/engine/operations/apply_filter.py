"""`apply_filter`: the simple filters as switches, the form that existing clients send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PIL import Image, ImageFilter
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.colour import on_colour
from image_processor.engine.fusion_colour import ColourStep
from image_processor.engine.operations.base import Frame, Group, Operation
from image_processor.engine.operations.filters import Blur, Sharpen
from image_processor.engine.operations.kernels import convolved
from image_processor.engine.operations.levels import Posterize, Solarize
from image_processor.engine.operations.tone import Grayscale, Invert, Sepia
from image_processor.engine.operations.vignette import Vignette


def _filtered(kernel: type[ImageFilter.BuiltinFilter]) -> Callable[[Image.Image], Image.Image]:
    return lambda image: on_colour(image, lambda colour: convolved(colour, kernel))


# In the order in which they are applied; where an operation of the name exists, it is that one
# with its defaults.
_SWITCHES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "grayscale": Grayscale().apply,
    "sepia": Sepia().apply,
    "blur": Blur().apply,
    "sharpen": Sharpen().apply,
    "invert": Invert().apply,
    "emboss": _filtered(ImageFilter.EMBOSS),
    "edges": _filtered(ImageFilter.FIND_EDGES),
    "contour": _filtered(ImageFilter.CONTOUR),
    "detail": _filtered(ImageFilter.DETAIL),
    "smooth": _filtered(ImageFilter.SMOOTH),
    "solarize": Solarize().apply,
    "posterize": Posterize().apply,
    "vignette": Vignette().apply,
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

    def apply(self, image: Image.Image) -> Image.Image:
        for name in self._on():
            image = _SWITCHES[name](image)
        return image
