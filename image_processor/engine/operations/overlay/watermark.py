"""Operations that lay something over the picture: a watermark of text or of an image."""

from __future__ import annotations

import math
import unicodedata
from typing import Annotated, Any, ClassVar, Literal

from PIL import Image
from pydantic import (
    AfterValidator,
    AliasChoices,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from image_processor.engine.errors import OverlayMissing
from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.parameters import (
    ANCHOR_FRACTIONS,
    MAX_SIDE,
    Anchor,
    Colour,
    Degrees,
    Fraction,
    ImageId,
    Percent,
    rgba,
    turn,
)
from image_processor.engine.pixels.fonts import FontName
from image_processor.engine.pixels.lettering import (
    char_name,
    extent,
    first_undrawable,
    leaves_ink,
    stamp,
)
from image_processor.engine.reading.overlays import Overlay


def _composed(text: str) -> str:
    """`text` in NFC: the form in which most letters with marks are one character."""
    return unicodedata.normalize("NFC", text)


def _either_name(schema: dict[str, Any]) -> None:
    """Let the schema know the other name of `text`, and that there is one mark."""
    schema["properties"]["watermark_text"] = {
        **schema["properties"]["text"],
        "description": "Another name for text.",
        "deprecated": True,
    }
    names = ("text", "watermark_text", "image_id")
    schema["oneOf"] = [{"required": [name]} for name in names]


Position = Literal[Anchor, "tile", "diagonal"]

_TEXT_ONLY = ("color", "font")


class Watermark(Operation):
    """Lay a text or another image over the picture."""

    name = "watermark"
    group = Group.OVERLAY
    example: ClassVar[dict[str, Any]] = {"text": "(c) Jane Doe", "position": "southeast"}
    showcase: ClassVar[dict[str, Any]] = {"text": "© Jane Doe", "size": 75, "opacity": 0.7}
    work = 1.0

    model_config = ConfigDict(json_schema_extra=_either_name)

    text: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_composed)] | None = (
        Field(
            default=None,
            validation_alias=AliasChoices("text", "watermark_text"),
            description="What is written, in one line; also accepted as watermark_text. A "
            "character that the font lacks is refused.",
        )
    )
    image_id: ImageId | None = Field(
        default=None, description="Id of an image of yours that is laid over this one."
    )
    position: Position | None = Field(
        default=None,
        description="Where it stands: at an anchor, repeated as tiles, or along the rising "
        "diagonal through the centre. Diagonal for a text, southeast for an image.",
    )
    opacity: Fraction = Field(default=0.5, description="From invisible to opaque.")
    size: Percent | None = Field(
        default=None,
        description="Width of the mark as a part of the picture's width (50 for a text, 20 for "
        "an image); made smaller where it would be higher than the picture.",
    )
    rotation: Degrees = Field(default=0.0, description="Turn, clockwise.")
    margin: Annotated[int, Field(ge=0, le=MAX_SIDE, json_schema_extra={"x-unit": "px"})] = Field(
        default=16, description="Distance from the edges at an anchor, between tiles."
    )
    color: Colour = Field(default="#ffffffff", description="Colour of the letters.")
    font: FontName = Field(default="dejavu-sans", description="Font of the letters.")

    _overlay: Overlay | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _one_mark(self) -> Watermark:
        if (self.text is None) == (self.image_id is None):
            kind = "missing" if self.text is None else "conflict"
            raise PydanticCustomError(kind, "needs either text or image_id")
        if self.text is not None:
            self._check_text(self.text)
        elif misplaced := [name for name in _TEXT_ONLY if name in self.model_fields_set]:
            raise PydanticCustomError(
                "conflict", "takes {names} with text only", {"names": " and ".join(misplaced)}
            )
        return self

    def _check_text(self, text: str) -> None:
        """Raises where it is blank, or where a character would come out as a box."""
        char = first_undrawable(text, self.font)
        if char is not None:
            reason = "unsupported_character", "contains {char}, which {font} cannot draw here"
            raise _at_text(PydanticCustomError(*reason, _names(char, self.font)), text)
        if not leaves_ink(text, self.font):
            raise _at_text(PydanticCustomError("blank", "must hold a visible character"), text)

    def canonical(self) -> dict[str, Any]:
        unused = {"text", *_TEXT_ONLY} if self.text is None else {"image_id"}
        settled = {
            "position": self._position(),
            "size": self._size(),
            "rotation": turn(self.rotation),
        }
        values = {**super().canonical(), **settled}
        return {name: value for name, value in values.items() if name not in unused}

    def with_overlay(self, overlay: Overlay) -> Watermark:
        """This step with the image that its `image_id` names."""
        settled = self.model_copy()
        settled._overlay = overlay
        return settled

    def _position(self) -> str:
        return self.position or ("southeast" if self.text is None else "diagonal")

    def _size(self) -> float:
        return self.size or (20.0 if self.text is None else 50.0)

    def _image(self) -> Overlay:
        if self._overlay is None:
            detail = f"The image {self.image_id}, which is laid over the picture, was not given."
            raise OverlayMissing(detail, pointer="/image_id")
        return self._overlay

    def plan(self, frame: Frame) -> Frame:
        if self.text is None:
            return frame if self._image().is_gray else frame.in_colour()
        red, green, blue, _ = rgba(self.color)
        return frame if red == green == blue else frame.in_colour()

    def apply(self, image: Image.Image) -> Image.Image:
        target = self.plan(Frame.of(image)).mode
        mark = self._mark(image.width, image.height)
        marked = image.copy() if image.mode == target else image.convert(target)
        position = self._position()
        if position == "tile":
            self._lay_tiles(marked, mark)
            return marked
        across, down = ANCHOR_FRACTIONS.get(position, (0.5, 0.5))
        margin = 0 if position == "diagonal" else self.margin
        left = margin + (image.width - 2 * margin - mark.width) * across
        top_edge = margin + (image.height - 2 * margin - mark.height) * down
        _lay(marked, mark, round(left), round(top_edge))
        return marked

    def _angle(self, width: int, height: int) -> float:
        """The turn of the mark, counter-clockwise in degrees."""
        diagonal = self._position() == "diagonal"
        rising = math.degrees(math.atan2(height, width)) if diagonal else 0.0
        return turn(rising - turn(self.rotation))

    def _mark(self, width: int, height: int) -> Image.Image:
        """The text or the image, RGBA, turned."""
        room = width * self._size() / 100
        if self.text is None:
            overlay = self._image()
            mark = overlay.pixels(overlay.size_within(room, height))
            strength = [round(value * self.opacity) for value in range(256)]
            mark.putalpha(mark.getchannel("A").point(strength))
        else:
            mark = stamp(self.text, self.font, room, height, rgba(self.color), self.opacity)
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
        """The picture and its copy, the mark while it is made and turned, and the laying on."""
        room = before.width * self._size() / 100
        width: float
        height: float
        if self.text is None:
            width, height = size = self._image().size_within(room, before.height)
            making = float(self._image().peak(size))
        else:
            width, height = extent(self.text, self.font, room, before.height)
            making = 7 * width * height
        angle = math.radians(self._angle(before.width, before.height))
        cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
        flat = width * height
        turned = (width * cosine + height * sine + 2) * (width * sine + height * cosine + 2)
        drawing = max(making, 8 * flat + 8 * turned if angle else 0.0)
        tiled = self._position() == "tile"
        row = before.width * min(turned / width, before.height) if tiled else 0.0
        visible = min(max(turned, row), before.pixels)
        return round(8 * before.pixels + max(drawing, 4 * turned + 4 * row + 17 * visible))


def _names(char: str, font: str) -> dict[str, Any]:
    return {"char": char_name(char), "font": f"the font {font}"}


def _at_text(error: PydanticCustomError, text: str) -> ValidationError:
    """`error` about the text, although it takes the font to find it."""
    return ValidationError.from_exception_data(
        "watermark", [{"type": error, "loc": ("text",), "input": text}]
    )


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
