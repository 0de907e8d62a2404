"""Colours as text: hexadecimal or by their CSS name, and the parameter types for them."""

from __future__ import annotations

from typing import Annotated

from PIL import ImageColor
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError


def parse_colour(value: str) -> str:
    """`value` as `#rrggbbaa` in lower case. Raises PydanticCustomError if it is no colour."""
    text = value.strip().lower()
    if text == "transparent":
        return "#00000000"
    if not text.startswith("#"):
        # Pillow's table holds strings, and tuples for names that were looked up before.
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
    """The four bytes of a colour in the form of `parse_colour`."""
    red, green, blue, alpha = bytes.fromhex(colour[1:])
    return red, green, blue, alpha


def is_gray(colour: str) -> bool:
    """Whether a colour in the form of `parse_colour` has no hue."""
    red, green, blue, _ = rgba(colour)
    return red == green == blue


def _check_opaque(colour: str) -> str:
    if not colour.endswith("ff"):
        raise PydanticCustomError("colour", "must be an opaque colour, without alpha")
    return colour


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
    AfterValidator(_check_opaque),
]
