"""Operations that lay something over the picture: a text watermark."""

from __future__ import annotations

import math
import unicodedata
from typing import Annotated, Any, ClassVar, Literal

from PIL import Image
from pydantic import AfterValidator, AliasChoices, ConfigDict, Field
from pydantic_core import PydanticCustomError

from image_processor.engine.lettering import char_name, extent, first_undrawable, stamp
from image_processor.engine.operations.base import Frame, Group, Operation
from image_processor.engine.operations.parameters import (
    ANCHOR_FRACTIONS,
    MAX_SIDE,
    Anchor,
    Colour,
    Degrees,
    Fraction,
    Percent,
    rgba,
    turn,
)


def _drawable(text: str) -> str:
    """`text` in NFC. Raises PydanticCustomError where it is blank or the font lacks a glyph."""
    text = unicodedata.normalize("NFC", text)
    if not text.strip():
        raise PydanticCustomError("blank", "must hold a visible character")
    char = first_undrawable(text)
    if char is not None:
        raise PydanticCustomError(
            "unsupported_character",
            "contains {char}, which the font cannot draw",
            {"char": char_name(char)},
        )
    return text


def _either_name(schema: dict[str, Any]) -> None:
    """Let the schema know the other name of `text`."""
    schema["properties"]["watermark_text"] = {
        **schema["properties"]["text"],
        "description": "Another name for text.",
        "deprecated": True,
    }
    schema.pop("required")
    schema["oneOf"] = [{"required": ["text"]}, {"required": ["watermark_text"]}]


Position = Literal[Anchor, "tile", "diagonal"]


class Watermark(Operation):
    """Write a text over the picture."""

    name = "watermark"
    group = Group.OVERLAY
    example: ClassVar[dict[str, Any]] = {"text": "(c) Jane Doe", "position": "southeast"}
    work = 1.0

    model_config = ConfigDict(json_schema_extra=_either_name)

    text: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_drawable)] = Field(
        validation_alias=AliasChoices("text", "watermark_text"),
        description="What is written, in one line; also accepted as watermark_text.",
    )
    position: Position = Field(
        default="diagonal",
        description="Where it stands: at an anchor, repeated as tiles, or along the rising "
        "diagonal through the centre.",
    )
    opacity: Fraction = Field(default=0.5, description="From invisible to opaque.")
    size: Percent = Field(
        default=50.0,
        description="Width of the text as a part of the picture's width; made smaller where it "
        "would be higher than the picture.",
    )
    rotation: Degrees = Field(default=0.0, description="Turn, clockwise.")
    margin: Annotated[int, Field(ge=0, le=MAX_SIDE, json_schema_extra={"x-unit": "px"})] = Field(
        default=16, description="Distance from the edges at an anchor, between tiles."
    )
    color: Colour = Field(default="#ffffffff", description="Colour of the letters.")

    def canonical(self) -> dict[str, Any]:
        return {**super().canonical(), "rotation": turn(self.rotation)}

    def plan(self, frame: Frame) -> Frame:
        red, green, blue, _ = rgba(self.color)
        return frame if red == green == blue else frame.in_colour()

    def apply(self, image: Image.Image) -> Image.Image:
        target = self.plan(Frame.of(image)).mode
        mark = self._mark(image.width, image.height)
        marked = image.copy() if image.mode == target else image.convert(target)
        if self.position == "tile":
            self._lay_tiles(marked, mark)
            return marked
        across, down = ANCHOR_FRACTIONS.get(self.position, (0.5, 0.5))
        margin = 0 if self.position == "diagonal" else self.margin
        left = margin + (image.width - 2 * margin - mark.width) * across
        top_edge = margin + (image.height - 2 * margin - mark.height) * down
        _lay(marked, mark, round(left), round(top_edge))
        return marked

    def _angle(self, width: int, height: int) -> float:
        """The turn of the text, counter-clockwise in degrees."""
        rising = math.degrees(math.atan2(height, width)) if self.position == "diagonal" else 0.0
        return turn(rising - turn(self.rotation))

    def _mark(self, width: int, height: int) -> Image.Image:
        """The text, turned."""
        mark = stamp(self.text, width * self.size / 100, height, rgba(self.color), self.opacity)
        angle = self._angle(width, height)
        return mark.rotate(angle, Image.Resampling.BICUBIC, expand=True) if angle else mark

    def _lay_tiles(self, image: Image.Image, mark: Image.Image) -> None:
        """Rows of marks over all of `image`, every second one shifted by half a step."""
        step_x = mark.width + mark.width // 4 + self.margin + 1
        step_y = 2 * mark.height + self.margin
        for parity, start in enumerate((-mark.width // 2, -mark.width // 2 - step_x // 2)):
            row = Image.new("RGBA", (image.width, min(mark.height, image.height)))
            for left in range(start, image.width, step_x):
                row.paste(mark, (left, 0))
            for top in range(mark.height // 2 + parity * step_y, image.height, 2 * step_y):
                _lay(image, row, 0, top)

    def peak(self, before: Frame, after: Frame) -> int:
        """The picture and its copy, the text while it is drawn and turned, and the laying on."""
        width, height = extent(self.text, before.width * self.size / 100, before.height)
        angle = math.radians(self._angle(before.width, before.height))
        cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
        flat = width * height
        turned = (width * cosine + height * sine + 2) * (width * sine + height * cosine + 2)
        drawing = (
            7 * flat if not self._angle(before.width, before.height) else 8 * flat + 8 * turned
        )
        row = before.width * min(turned / width, before.height) if self.position == "tile" else 0.0
        visible = min(max(turned, row), before.pixels)
        return round(8 * before.pixels + max(drawing, 4 * turned + 4 * row + 17 * visible))


def _lay(image: Image.Image, mark: Image.Image, left: int, top: int) -> None:
    """Lay `mark` (RGBA) over `image` in place; what reaches outside is cut off."""
    box = (
        max(0, left),
        max(0, top),
        min(image.width, left + mark.width),
        min(image.height, top + mark.height),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    part = mark.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    if image.mode in ("LA", "RGBA"):
        below = image.crop(box)
        image.paste(Image.alpha_composite(below, part.convert(image.mode)), box)
    else:
        image.paste(part.convert(image.mode), box, part.getchannel("A"))
