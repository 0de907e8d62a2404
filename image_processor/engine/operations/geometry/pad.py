"""Pad: margins around the picture, by their widths or up to a size."""

from __future__ import annotations

from typing import Any, ClassVar

from PIL import Image
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from image_processor.engine.errors import CanvasTooSmall
from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import MovesPoints, Reducible
from image_processor.engine.operations.geometry.margins import Margins
from image_processor.engine.operations.parameters import Margin, Pixels, given
from image_processor.engine.operations.reduction import reduction_scale
from image_processor.engine.pixels.css_colour import Colour

_SIDES = ("top", "right", "bottom", "left")
_TRANSPARENT = "#00000000"


class Pad(Operation, MovesPoints, Reducible):
    """Put margins around the picture, by their widths or up to a size with it in the middle."""

    name = "pad"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"top": 20, "bottom": 20, "background": "white"}
    peak_bytes = (13.0, 13.0)
    work = 0.3

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [given(name) for name in ("width", "height", *_SIDES)],
        }
    )

    width: Pixels | None = Field(default=None, description="Width of the result.")
    height: Pixels | None = Field(default=None, description="Height of the result.")
    top: Margin | None = Field(default=None, description="Margin above the picture.")
    right: Margin | None = Field(default=None, description="Margin on the right.")
    bottom: Margin | None = Field(default=None, description="Margin below the picture.")
    left: Margin | None = Field(default=None, description="Margin on the left.")
    background: Colour | None = Field(
        default=None,
        description="Colour of the margins. By default they are transparent, or white if the "
        "format has no transparency.",
    )

    @model_validator(mode="after")
    def _check_combination(self) -> Pad:
        sides = [name for name in _SIDES if getattr(self, name) is not None]
        size = [name for name in ("width", "height") if getattr(self, name) is not None]
        if sides and size:
            raise PydanticCustomError(
                "conflict",
                "cannot combine {size} with {sides}",
                {"size": " and ".join(size), "sides": ", ".join(sides)},
            )
        if not sides and not size:
            raise PydanticCustomError(
                "missing", "needs width, height or both, or top, right, bottom or left"
            )
        return self

    def canonical(self) -> dict[str, Any]:
        values = super().canonical()
        if self.width is None and self.height is None:
            values |= {name: values[name] or 0 for name in _SIDES}
        return values | {"background": self._colour()}

    def _colour(self) -> str:
        return self.background or _TRANSPARENT

    def _margins(self, frame: Frame) -> Margins:
        """The margins for an image of `frame`; an odd pixel goes to the right or below."""
        if self.width is None and self.height is None:
            return Margins(self.top or 0, self.right or 0, self.bottom or 0, self.left or 0)
        across = (self.width or frame.width) - frame.width
        down = (self.height or frame.height) - frame.height
        return Margins(down // 2, across - across // 2, down - down // 2, across // 2)

    def plan(self, frame: Frame) -> Frame:
        for side, length in (("width", frame.width), ("height", frame.height)):
            wanted = getattr(self, side)
            if wanted is not None and wanted < length:
                raise CanvasTooSmall(
                    f"The image is {frame.width}x{frame.height} pixels at this step. It cannot be "
                    f"padded to a {side} of {wanted}, which is smaller.",
                    pointer=f"/{side}",
                    limit=length,
                    actual=wanted,
                )
        return self._margins(frame).frame(frame, self._colour())

    def move_point(self, point: tuple[float, float], frame: Frame) -> tuple[float, float]:
        return self._margins(frame).move_point(point, frame)

    def reduced(self, full: Frame, real: Frame, target: tuple[int, int]) -> Pad:
        scale = reduction_scale(full, real)
        margins = {
            side: round(margin * scale) for side, margin in self._margins(full)._asdict().items()
        }
        return self.model_copy(update={"width": None, "height": None, **margins})

    def apply(self, image: Image.Image) -> Image.Image:
        return self._margins(Frame.of(image)).apply(image, self._colour())
