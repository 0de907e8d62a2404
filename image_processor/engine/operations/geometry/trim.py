"""Trim: crop a border of one colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from PIL import Image
from pydantic import Field

from image_processor.engine.frame import Frame
from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import ContentDependent
from image_processor.engine.operations.geometry.crop import Crop
from image_processor.engine.pixels.strips import strips

Box = tuple[int, int, int, int]


class Trim(Operation, ContentDependent):
    """Crop the border as far as it has one colour; a picture of one colour stays as it is.

    All frames of an animation are cropped alike.
    """

    name = "trim"
    group = Group.GEOMETRY
    example: ClassVar[dict[str, Any]] = {"tolerance": 10}
    work = 1.5

    tolerance: Annotated[int, Field(ge=0, le=255)] = Field(
        default=10,
        description="How much red, green or blue may differ from the colour of the border and "
        "still count as border.",
    )

    def plan(self, frame: Frame) -> Frame:
        return frame.inexact()

    def apply(self, image: Image.Image) -> Image.Image:
        box = content_box(image, self.tolerance)
        return image.crop(box) if box is not None else image

    def resolve(self, images: Sequence[Image.Image]) -> Operation:
        boxes = [box for image in images if (box := content_box(image, self.tolerance)) is not None]
        left, top, right, bottom = _union(boxes) or (0, 0, *images[0].size)
        return Crop(x=left, y=top, width=right - left, height=bottom - top)


def content_box(image: Image.Image, tolerance: int) -> Box | None:
    """Left, top, right and bottom edge of the content; None if everything is border.

    The left and upper edge are compared with the colour of the upper left corner, the right edge
    with that of the upper right corner, and the lower edge with that of the lower left corner.
    """
    corners = {
        side: _premultiplied(image.crop((x, y, x + 1, y + 1)))[0, 0]
        for side, (x, y) in {
            "left": (0, 0),
            "right": (image.width - 1, 0),
            "bottom": (0, image.height - 1),
        }.items()
    }
    found = {
        colour.tobytes(): _box_of_difference(image, colour, tolerance)
        for colour in corners.values()
    }
    boxes = {side: found[colour.tobytes()] for side, colour in corners.items()}
    first, right, bottom = boxes["left"], boxes["right"], boxes["bottom"]
    if first is None or right is None or bottom is None:
        return None
    box = first[0], first[1], right[2], bottom[3]
    return box if box[0] < box[2] and box[1] < box[3] else None


def _premultiplied(image: Image.Image) -> np.ndarray[Any, Any]:
    """Rows x columns x channels of bytes, premultiplied: all transparent pixels are equal."""
    premultiplied = {"LA": "La", "RGBA": "RGBa"}.get(image.mode)
    values = np.asarray(image.convert(premultiplied) if premultiplied else image)
    return values[:, :, np.newaxis] if values.ndim == 2 else values


def _box_of_difference(
    image: Image.Image, colour: np.ndarray[Any, Any], tolerance: int
) -> Box | None:
    """The box around all pixels that differ from `colour` by more than `tolerance`."""
    low = np.maximum(colour.astype(int) - tolerance, 0).astype(np.uint8)
    high = np.minimum(colour.astype(int) + tolerance, 255).astype(np.uint8)
    boxes = []
    for top, bottom in strips(*image.size):
        values = _premultiplied(image.crop((0, top, image.width, bottom)))
        other = np.zeros(values.shape[:2], dtype=bool)
        for channel in range(values.shape[2]):
            plane = values[:, :, channel]
            other |= (plane < low[channel]) | (plane > high[channel])
        rows, columns = np.flatnonzero(other.any(axis=1)), np.flatnonzero(other.any(axis=0))
        if rows.size:
            box = (columns[0], top + rows[0], columns[-1] + 1, top + rows[-1] + 1)
            boxes.append((int(box[0]), int(box[1]), int(box[2]), int(box[3])))
    return _union(boxes)


def _union(boxes: list[Box]) -> Box | None:
    """The smallest box that contains all `boxes`."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
