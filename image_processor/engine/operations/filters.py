"""Operations that look at a pixel's neighbourhood, and the switches of `apply_filter`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from PIL import Image, ImageFilter, ImageOps
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.colour import on_colour, premultiplied, without_colour
from image_processor.engine.fusion_colour import ColourStep, Curve, Luma
from image_processor.engine.operations.base import Frame, Group, Operation
from image_processor.engine.operations.parameters import Radius
from image_processor.engine.operations.tone import Invert, Sepia, invert, sepia

_SWITCH_BLUR_RADIUS = 2.0
_SOLARIZE_FROM = 128
_POSTERIZE_BITS = 3
_KERNEL_RIM = 2

Strength = Annotated[float, Field(ge=0, le=500, json_schema_extra={"x-unit": "%"})]


class Blur(Operation):
    """Soften the picture with a Gaussian blur."""

    name = "blur"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"radius": 4}
    peak_bytes = (13.0, 17.0)
    work = 3.0

    radius: Radius = Field(default=2.0, description="Standard deviation of the blur.")

    def apply(self, image: Image.Image) -> Image.Image:
        return _blurred(image, self.radius)


class Sharpen(Operation):
    """Bring out edges with an unsharp mask."""

    name = "sharpen"
    group = Group.FILTERS
    example: ClassVar[dict[str, Any]] = {"amount": 120, "radius": 1.5}
    peak_bytes = (13.0, 17.0)
    work = 3.0

    amount: Strength = Field(default=150.0, description="Strength; 100 doubles the contrast.")
    radius: Radius = Field(default=2.0, description="How wide the edges are that it brings out.")
    threshold: Annotated[int, Field(ge=0, le=255)] = Field(
        default=3, description="Smallest difference in brightness that is sharpened."
    )

    def apply(self, image: Image.Image) -> Image.Image:
        mask = ImageFilter.UnsharpMask(self.radius, round(self.amount), self.threshold)
        return on_colour(image, lambda colour: colour.filter(mask))


def _blurred(image: Image.Image, radius: float) -> Image.Image:
    """Blurred, with colours weighted by alpha so that invisible ones do not bleed."""
    return premultiplied(image, lambda pixels: pixels.filter(ImageFilter.GaussianBlur(radius)))


def _filtered(kernel: type[ImageFilter.BuiltinFilter]) -> Callable[[Image.Image], Image.Image]:
    return lambda image: on_colour(image, lambda colour: _convolved(colour, kernel))


def _convolved(image: Image.Image, kernel: type[ImageFilter.BuiltinFilter]) -> Image.Image:
    """`image` through `kernel` up to its edges: Pillow alone leaves a rim unfiltered."""
    width, height = image.size
    rim = _KERNEL_RIM
    result = image.filter(kernel)
    # Only strips along the edges are done again, which takes no second copy of the picture.
    for strip, part in (
        ((0, 0, width, 2 * rim), (0, 0, width, rim)),
        ((0, height - 2 * rim, width, height), (0, height - rim, width, height)),
        ((0, 0, 2 * rim, height), (0, 0, rim, height)),
        ((width - 2 * rim, 0, width, height), (width - rim, 0, width, height)),
    ):
        outer = (max(0, strip[0]), max(0, strip[1]), min(width, strip[2]), min(height, strip[3]))
        inner = (max(0, part[0]), max(0, part[1]), min(width, part[2]), min(height, part[3]))
        left, top = outer[:2]
        place = (inner[0] - left, inner[1] - top, inner[2] - left, inner[3] - top)
        result.paste(_continued(image.crop(outer), kernel).crop(place), inner)
    return result


def _continued(image: Image.Image, kernel: type[ImageFilter.BuiltinFilter]) -> Image.Image:
    """`image` through `kernel` as if its outermost pixels went on outside."""
    width, height = image.size
    rim = _KERNEL_RIM
    wide = Image.new(image.mode, (width + 2 * rim, height + 2 * rim))
    wide.paste(image, (rim, rim))
    for top, place in ((rim, 0), (rim + height - 1, rim + height)):
        row = wide.crop((rim, top, rim + width, top + 1))
        wide.paste(row.resize((width, rim), Image.Resampling.NEAREST), (rim, place))
    for left, place in ((rim, 0), (rim + width - 1, rim + width)):
        column = wide.crop((left, 0, left + 1, wide.height))
        wide.paste(column.resize((rim, wide.height), Image.Resampling.NEAREST), (place, 0))
    return wide.filter(kernel).crop((rim, rim, rim + width, rim + height))


_SWITCHES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "grayscale": without_colour,
    "sepia": lambda image: on_colour(image, sepia),
    "blur": lambda image: _blurred(image, _SWITCH_BLUR_RADIUS),
    "sharpen": lambda image: on_colour(
        image, lambda colour: colour.filter(ImageFilter.UnsharpMask(2, 150, 3))
    ),
    "invert": lambda image: on_colour(image, invert),
    "emboss": _filtered(ImageFilter.EMBOSS),
    "edges": _filtered(ImageFilter.FIND_EDGES),
    "contour": _filtered(ImageFilter.CONTOUR),
    "detail": _filtered(ImageFilter.DETAIL),
    "smooth": _filtered(ImageFilter.SMOOTH),
    "solarize": lambda image: on_colour(
        image, lambda colour: ImageOps.solarize(colour, _SOLARIZE_FROM)
    ),
    "posterize": lambda image: on_colour(
        image, lambda colour: ImageOps.posterize(colour, _POSTERIZE_BITS)
    ),
}


_POINT_WISE: dict[str, tuple[ColourStep, ...]] = {
    "grayscale": (Luma(),),
    "sepia": Sepia().colour(),
    "invert": Invert().colour(),
    "solarize": (Curve.of([v if v < _SOLARIZE_FROM else 255 - v for v in range(256)]),),
    "posterize": (Curve.of([v & ~(2 ** (8 - _POSTERIZE_BITS) - 1) for v in range(256)]),),
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
        if not set(names) <= set(_POINT_WISE):
            return None
        return tuple(step for name in names for step in _POINT_WISE[name])

    def plan(self, frame: Frame) -> Frame:
        if self.sepia:
            return frame.in_colour()
        return frame.in_gray() if self.grayscale else frame

    def apply(self, image: Image.Image) -> Image.Image:
        for name in self._on():
            image = _SWITCHES[name](image)
        return image
