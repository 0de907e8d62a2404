"""Watermark: a text or another image over the picture."""

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
from image_processor.engine.operations.overlay.composition import composite, composite_tiles
from image_processor.engine.operations.overlay.mark import ImageMark, Mark, TextMark
from image_processor.engine.operations.parameters import (
    ANCHOR_FRACTIONS,
    Anchor,
    Degrees,
    Fraction,
    ImageId,
    Margin,
    Percent,
    given,
    normalise_angle,
)
from image_processor.engine.pixels.css_colour import Colour
from image_processor.engine.pixels.fonts import FontName
from image_processor.engine.pixels.lettering import char_name, first_undrawable, leaves_ink
from image_processor.engine.reading.overlay_source import Overlay

Position = Literal[Anchor, "tile", "diagonal"]

_TEXT_ONLY = ("color", "font")


def _compose(text: str) -> str:
    """`text` in NFC, in which most letters with marks are one character."""
    return unicodedata.normalize("NFC", text)


def _extend_schema(schema: dict[str, Any]) -> None:
    """Declare the alias of `text`, and that text and image exclude each other."""
    schema["properties"]["watermark_text"] = {
        **schema["properties"]["text"],
        "description": "Another name for text.",
        "deprecated": True,
    }
    names = ("text", "watermark_text", "image_id")
    schema["oneOf"] = [given(name) for name in names]


class Watermark(Operation):
    """Place text or another image over the picture."""

    name = "watermark"
    group = Group.OVERLAY
    example: ClassVar[dict[str, Any]] = {"text": "(c) Jane Doe", "position": "southeast"}
    work = 1.0

    model_config = ConfigDict(json_schema_extra=_extend_schema)

    text: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_compose)] | None = (
        Field(
            default=None,
            validation_alias=AliasChoices("text", "watermark_text"),
            description="The text, on one line. Characters that the font lacks are refused.",
        )
    )
    image_id: ImageId | None = Field(
        default=None, description="One of your images, laid over this one."
    )
    position: Position | None = Field(
        default=None,
        description="Where the watermark lies. tile: repeated all over. diagonal: rising through "
        "the centre. By default, text is diagonal and an image is southeast.",
    )
    opacity: Fraction = Field(default=0.5, description="From invisible (0) to opaque (1).")
    size: Percent | None = Field(
        default=None,
        description="Width of the watermark in per cent of the picture's width; by default 50 for "
        "a text and 20 for an image. Reduced if it would be higher than the picture.",
    )
    rotation: Degrees = Field(default=0.0, description="Angle, clockwise.")
    margin: Margin = Field(
        default=16, description="Distance from the edges, or between repetitions."
    )
    color: Colour = Field(default="#ffffffff", description="Colour of the text.")
    font: FontName = Field(default="dejavu-sans", description="Font of the text.")

    _overlay: Overlay | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _check_combination(self) -> Watermark:
        if (self.text is None) == (self.image_id is None):
            kind = "missing" if self.text is None else "conflict"
            raise PydanticCustomError(kind, "needs either text or image_id")
        if self.text is not None:
            _check_text(self.text, self.font)
        elif misplaced := [name for name in _TEXT_ONLY if name in self.model_fields_set]:
            raise PydanticCustomError(
                "conflict", "takes {names} only with text", {"names": " and ".join(misplaced)}
            )
        return self

    def canonical(self) -> dict[str, Any]:
        unused = {"text", *_TEXT_ONLY} if self.text is None else {"image_id"}
        values = {**super().canonical(), "position": self._position(), "size": self._size()}
        return {name: value for name, value in values.items() if name not in unused}

    def with_overlay(self, overlay: Overlay) -> Watermark:
        """This operation with the image that its `image_id` names."""
        resolved = self.model_copy()
        resolved._overlay = overlay
        return resolved

    def _position(self) -> str:
        return self.position or ("southeast" if self.text is None else "diagonal")

    def _size(self) -> float:
        return self.size or (20.0 if self.text is None else 50.0)

    def _mark(self) -> Mark:
        if self.text is not None:
            return TextMark(self.text, self.font, self.color)
        if self._overlay is None:
            detail = f"The watermark image {self.image_id} was not provided."
            raise OverlayMissing(detail, pointer="/image_id")
        return ImageMark(self._overlay)

    def plan(self, frame: Frame) -> Frame:
        return frame if self._mark().is_gray else frame.in_colour()

    def apply(self, image: Image.Image) -> Image.Image:
        target = self.plan(Frame.of(image)).mode
        mark = self._draw_mark(image.width, image.height)
        marked = image.copy() if image.mode == target else image.convert(target)
        position = self._position()
        if position == "tile":
            composite_tiles(marked, mark, self.margin)
            return marked
        across, down = ANCHOR_FRACTIONS.get(position, (0.5, 0.5))
        margin = 0 if position == "diagonal" else self.margin
        left = margin + (image.width - 2 * margin - mark.width) * across
        top = margin + (image.height - 2 * margin - mark.height) * down
        composite(marked, mark, round(left), round(top))
        return marked

    def _angle(self, width: int, height: int) -> float:
        """The rotation of the mark, counter-clockwise in degrees."""
        diagonal = self._position() == "diagonal"
        rising = math.degrees(math.atan2(height, width)) if diagonal else 0.0
        return normalise_angle(rising - self.rotation)

    def _draw_mark(self, width: int, height: int) -> Image.Image:
        """The mark for a picture of this size, RGBA, rotated."""
        mark = self._mark().draw(width * self._size() / 100, height, self.opacity)
        angle = self._angle(width, height)
        return mark.rotate(angle, Image.Resampling.BICUBIC, expand=True) if angle else mark

    def peak(self, before: Frame, after: Frame) -> int:
        """The picture and its copy, and drawing, rotating and compositing the mark."""
        room = before.width * self._size() / 100
        mark = self._mark()
        width, height = mark.size(room, before.height)
        angle = math.radians(self._angle(before.width, before.height))
        cosine, sine = abs(math.cos(angle)), abs(math.sin(angle))
        flat = width * height
        turned = (width * cosine + height * sine + 2) * (width * sine + height * cosine + 2)
        drawing = max(mark.peak(room, before.height), 8 * flat + 8 * turned if angle else 0.0)
        tiled = self._position() == "tile"
        row = before.width * min(turned / width, before.height) if tiled else 0.0
        visible = min(max(turned, row), before.pixels)
        return round(8 * before.pixels + max(drawing, 4 * turned + 4 * row + 17 * visible))


def _check_text(text: str, font: str) -> None:
    """Raise ValidationError if nothing of `text` is visible, or if `font` cannot draw it."""
    char = first_undrawable(text, font)
    if char is not None:
        names = {"char": char_name(char), "font": f"the font {font}"}
        message = "contains {char}, which {font} cannot draw here"
        raise _text_error(PydanticCustomError("unsupported_character", message, names), text)
    if not leaves_ink(text, font):
        raise _text_error(PydanticCustomError("blank", "must hold a visible character"), text)


def _text_error(error: PydanticCustomError, text: str) -> ValidationError:
    """`error` at the parameter `text`. A field validator could not know the font."""
    return ValidationError.from_exception_data(
        "watermark", [{"type": error, "loc": ("text",), "input": text}]
    )
