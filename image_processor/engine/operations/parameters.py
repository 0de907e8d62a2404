"""Types of parameters: each carries its range, unit and check into everything derived."""

from __future__ import annotations

from typing import Annotated, Literal

from PIL import ImageColor
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

MAX_SIDE = 16_384

Pixels = Annotated[int, Field(ge=1, le=MAX_SIDE, json_schema_extra={"x-unit": "px"})]
Offset = Annotated[int, Field(ge=0, le=65_535, json_schema_extra={"x-unit": "px"})]
Fraction = Annotated[float, Field(ge=0, le=1, json_schema_extra={"x-unit": "0..1"})]
Degrees = Annotated[float, Field(ge=-360, le=360, json_schema_extra={"x-unit": "deg"})]
Radius = Annotated[float, Field(ge=0.1, le=100, json_schema_extra={"x-unit": "px"})]
Percent = Annotated[float, Field(ge=1, le=100, json_schema_extra={"x-unit": "%"})]
Quality = Annotated[int, Field(ge=1, le=100)]
Change = Annotated[float, Field(ge=-100, le=100, json_schema_extra={"x-unit": "%"})]


def _check_quality(value: object) -> object:
    """Says what is wrong in one sentence, where a union would say it once for each member."""
    if value == AUTO:
        return value
    if not isinstance(value, int) or isinstance(value, bool):
        raise PydanticCustomError("quality_type", 'must be a whole number or "auto"')
    if value < 1:
        raise PydanticKnownError("greater_than_equal", {"ge": 1})
    if value > 100:
        raise PydanticKnownError("less_than_equal", {"le": 100})
    return value


AUTO: Literal["auto"] = "auto"
QualityOrAuto = Annotated[Quality | Literal["auto"], BeforeValidator(_check_quality)]
ImageId = Annotated[int, Field(ge=1, le=2**53 - 1)]  # exact in every JSON reader

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

# Anchors of a cut: the eight directions, the focal point of the picture, what it is about, faces.
Placement = Literal[Anchor, "focal", "smart", "face"]

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


def parse_colour(value: str) -> str:
    """`#rrggbbaa` in lower case. Raises PydanticCustomError for anything not a colour."""
    text = value.strip().lower()
    if text == "transparent":
        return "#00000000"
    if not text.startswith("#"):
        # Pillow's table holds strings, and tuples for the names that it has looked up before.
        known = ImageColor.getrgb(text) if text in ImageColor.colormap else ()
        text = f"#{bytes(known).hex()}"
    digits = text[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) == 6:
        digits += "ff"
    if len(digits) != 8 or any(digit not in "0123456789abcdef" for digit in digits):
        raise PydanticCustomError(
            "colour", "must be #rgb, #rrggbb, #rrggbbaa, a CSS colour name or transparent"
        )
    return f"#{digits}"


def rgba(colour: str) -> tuple[int, int, int, int]:
    """The four bytes of a colour as `parse_colour` gives it."""
    red, green, blue, alpha = bytes.fromhex(colour[1:])
    return red, green, blue, alpha


def turn(degrees: float) -> float:
    """`degrees` within one turn, from 0 up to 360, to a ten-thousandth of a degree.

    Finer angles move no pixel of the largest image, and tiny ones would not survive `% 360`.
    """
    return round(degrees % 360, 4) % 360 + 0.0


Colour = Annotated[
    str,
    Field(
        max_length=32,
        json_schema_extra={
            "format": "color",
            "pattern": r"^\s*(#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|#[0-9a-fA-F]{8}|[a-zA-Z]+)\s*$",
        },
    ),
    AfterValidator(parse_colour),
]


def is_gray(colour: str) -> bool:
    """Whether a colour as `parse_colour` gives it has no hue."""
    red, green, blue, _ = rgba(colour)
    return red == green == blue


def _opaque(colour: str) -> str:
    if not colour.endswith("ff"):
        raise PydanticCustomError("colour", "must be an opaque colour, without alpha")
    return colour


OpaqueColour = Annotated[
    str,
    Field(
        max_length=32,
        json_schema_extra={
            "format": "color",
            "pattern": r"^\s*(#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}([fF]{2})?|[a-zA-Z]+)\s*$",
        },
    ),
    AfterValidator(parse_colour),
    AfterValidator(_opaque),
]
