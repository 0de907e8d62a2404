"""apply_filter: simple filters as switches, the form that existing clients send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PIL import Image, ImageFilter
from pydantic import ConfigDict, Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import FusesColour, Reducible
from image_processor.engine.operations.filters.blur import Blur
from image_processor.engine.operations.filters.kernels import convolve
from image_processor.engine.operations.filters.sharpen import Sharpen
from image_processor.engine.operations.filters.vignette import Vignette
from image_processor.engine.operations.reduction import reduction_scale
from image_processor.engine.operations.tone.grayscale import Grayscale
from image_processor.engine.operations.tone.invert import Invert
from image_processor.engine.operations.tone.posterize import Posterize
from image_processor.engine.operations.tone.sepia import Sepia
from image_processor.engine.operations.tone.solarize import Solarize
from image_processor.engine.pixels.alpha import on_colour
from image_processor.engine.pixels.colour_steps import ColourStep

_KERNELS: dict[str, type[ImageFilter.BuiltinFilter]] = {
    "emboss": ImageFilter.EMBOSS,
    "edges": ImageFilter.FIND_EDGES,
    "contour": ImageFilter.CONTOUR,
    "detail": ImageFilter.DETAIL,
    "smooth": ImageFilter.SMOOTH,
}

# The result of each kernel on an area of one colour: a gray level, or None for the area itself. A
# kernel has too much effect on a reduced copy, whose neighbouring pixels differ more, so `_weaken`
# blends its result with this one.
_PLAIN: dict[str, int | None] = {
    "emboss": 128,
    "edges": 0,
    "contour": 255,
    "detail": None,
    "smooth": None,
}


def _convolution(name: str) -> Callable[[Image.Image], Image.Image]:
    return lambda image: on_colour(image, lambda colour: convolve(colour, _KERNELS[name]))


# In the order of application. A switch with the name of an operation applies that operation with
# its defaults.
_SWITCHES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "grayscale": Grayscale().apply,
    "sepia": Sepia().apply,
    "blur": Blur().apply,
    "sharpen": Sharpen().apply,
    "invert": Invert().apply,
    "emboss": _convolution("emboss"),
    "edges": _convolution("edges"),
    "contour": _convolution("contour"),
    "detail": _convolution("detail"),
    "smooth": _convolution("smooth"),
    "solarize": Solarize().apply,
    "posterize": Posterize().apply,
    "vignette": Vignette().apply,
}

_COLOUR_STEPS: dict[str, tuple[ColourStep, ...]] = {
    "grayscale": Grayscale().colour_steps(),
    "sepia": Sepia().colour_steps(),
    "invert": Invert().colour_steps(),
    "solarize": Solarize().colour_steps(),
    "posterize": Posterize().colour_steps(),
}


class ApplyFilter(Operation, FusesColour, Reducible):
    """Apply simple filters by switches, in the order listed."""

    name = "apply_filter"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"grayscale": True}
    peak_bytes = (17.0, 21.0)
    work = 3.0

    # At least one is true: not all that are given are false.
    model_config = ConfigDict(
        json_schema_extra={"not": {"properties": {name: {"enum": [False]} for name in _SWITCHES}}}
    )

    grayscale: bool = Field(default=False, description="Remove the colour.")
    sepia: bool = Field(default=False, description="Brown tones.")
    blur: bool = Field(default=False, description="Slightly blurred, with a radius of 2 px.")
    sharpen: bool = Field(default=False, description="Sharper edges: 150 %, 2 px, threshold 3.")
    invert: bool = Field(default=False, description="Negative.")
    emboss: bool = Field(default=False, description="Relief.")
    edges: bool = Field(default=False, description="Bright edges on black.")
    contour: bool = Field(default=False, description="Dark lines on white.")
    detail: bool = Field(default=False, description="Slightly crisper.")
    smooth: bool = Field(default=False, description="Slightly softer.")
    solarize: bool = Field(default=False, description="Invert everything brighter than half.")
    posterize: bool = Field(default=False, description="Only eight levels of each colour.")
    vignette: bool = Field(default=False, description="Darken the corners by half.")

    # Below 1 for a reduced copy.
    _scale: float = PrivateAttr(default=1.0)

    @model_validator(mode="after")
    def _check_combination(self) -> ApplyFilter:
        if not self._names():
            raise PydanticCustomError("missing", "needs at least one filter that is true")
        return self

    def _names(self) -> list[str]:
        """The switches that are on."""
        return [name for name in _SWITCHES if getattr(self, name)]

    def is_linear(self) -> bool:
        return set(self._names()) <= {"grayscale", "invert"}

    def colour_steps(self) -> tuple[ColourStep, ...] | None:
        names = self._names()
        if not set(names) <= set(_COLOUR_STEPS):
            return None
        return tuple(step for name in names for step in _COLOUR_STEPS[name])

    def plan(self, frame: Frame) -> Frame:
        if self.sepia:
            return frame.in_colour()
        return frame.in_gray() if self.grayscale else frame

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> ApplyFilter:
        reduced = self.model_copy()
        reduced._scale = reduction_scale(full, real)
        return reduced

    def apply(self, image: Image.Image) -> Image.Image:
        for name in self._names():
            image = _SWITCHES[name](image) if self._scale == 1 else self._weaken(name, image)
        return image

    def _weaken(self, name: str, image: Image.Image) -> Image.Image:
        """Apply a filter to a reduced copy, as strongly as a reduced full result would show it."""
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
            return Image.blend(plain, convolve(colours, _KERNELS[name]), self._scale)

        return on_colour(image, weaken)
