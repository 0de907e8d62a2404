"""The types of parameters. Range and unit go into validation, JSON Schema, docs and form."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

MAX_SIDE = 16_384


def normalise_angle(degrees: float) -> float:
    """`degrees` within one turn, from 0 up to 360, to a ten-thousandth of a degree.

    Finer angles move no pixel of the largest image, and tiny ones would not survive `% 360`.
    """
    return round(degrees % 360, 4) % 360 + 0.0


Pixels = Annotated[int, Field(ge=1, le=MAX_SIDE, json_schema_extra={"x-unit": "px"})]
Margin = Annotated[int, Field(ge=0, le=MAX_SIDE, json_schema_extra={"x-unit": "px"})]
Offset = Annotated[int, Field(ge=0, le=65_535, json_schema_extra={"x-unit": "px"})]
Radius = Annotated[float, Field(ge=0.1, le=100, json_schema_extra={"x-unit": "px"})]
Fraction = Annotated[float, Field(ge=0, le=1, json_schema_extra={"x-unit": "0..1"})]
Percent = Annotated[float, Field(ge=1, le=100, json_schema_extra={"x-unit": "%"})]
Scaling = Annotated[float, Field(ge=1, le=1000, json_schema_extra={"x-unit": "%"})]
Change = Annotated[float, Field(ge=-100, le=100, json_schema_extra={"x-unit": "%"})]
Degrees = Annotated[
    float,
    Field(ge=-360, le=360, json_schema_extra={"x-unit": "deg"}),
    AfterValidator(normalise_angle),
]
# The id of one of the user's images. Every JSON reader reads the largest number exactly.
ImageId = Annotated[int, Field(ge=1, le=2**53 - 1, json_schema_extra={"x-refers-to": "image"})]

Anchor = Literal[
    "center",
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
]

# The anchors of a crop: the eight directions, or the place of the subject.
Placement = Literal[Anchor, "focal", "smart", "face"]


def given(*names: str) -> dict[str, Any]:
    """JSON Schema of parameters that have these names. Null stands for an absent parameter."""
    present = {name: {"not": {"type": "null"}} for name in names}
    return {"required": list(names), "properties": present}


# How far to the right and down an anchor lies, as fractions of the free space.
ANCHOR_FRACTIONS: dict[str, tuple[float, float]] = {
    "center": (0.5, 0.5),
    "north": (0.5, 0.0),
    "northeast": (1.0, 0.0),
    "east": (1.0, 0.5),
    "southeast": (1.0, 1.0),
    "south": (0.5, 1.0),
    "southwest": (0.0, 1.0),
    "west": (0.0, 0.5),
    "northwest": (0.0, 0.0),
}
