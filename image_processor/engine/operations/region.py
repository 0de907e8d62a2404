"""A rectangle of the image as a parameter type."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from image_processor.engine.errors import RegionOutsideImage
from image_processor.engine.frame import Frame
from image_processor.engine.operations.parameters import MAX_SIDE, Offset, Pixels


class Rectangle(BaseModel):
    """Left and top edge and size, in pixels."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    x: Offset
    y: Offset
    width: Pixels
    height: Pixels

    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom edge."""
        return self.x, self.y, self.x + self.width, self.y + self.height

    def check(self, frame: Frame, pointer: str) -> None:
        """Raise RegionOutsideImage if a part lies outside of `frame`.

        `pointer` points at this parameter.
        """
        for start, size, length in (
            ("x", "width", frame.width),
            ("y", "height", frame.height),
        ):
            low, extent = getattr(self, start), getattr(self, size)
            if low + extent > length:
                outside = low >= length
                raise RegionOutsideImage(
                    f"The image is {frame.width}x{frame.height} pixels at this step. A region with "
                    f"{start} {low} and {size} {extent} lies partly outside.",
                    pointer=f"{pointer}/{start if outside else size}",
                    limit=length - 1 if outside else length - low,
                    actual=low if outside else extent,
                )


def _whole(lowest: int, highest: int, description: str) -> dict[str, object]:
    return {
        "type": "integer",
        "minimum": lowest,
        "maximum": highest,
        "x-unit": "px",
        "description": description,
    }


# The schema is written out, so that the schema of an operation needs no definitions.
Region = Annotated[
    Rectangle,
    Field(),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["x", "y", "width", "height"],
            "properties": {
                "x": _whole(0, 65_535, "Left edge."),
                "y": _whole(0, 65_535, "Top edge."),
                "width": _whole(1, MAX_SIDE, "Width."),
                "height": _whole(1, MAX_SIDE, "Height."),
            },
        }
    ),
]
