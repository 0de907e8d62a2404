"""Where a rectangle lies in a picture when an anchor says so."""

from __future__ import annotations

from typing import Any

from PIL import Image
from pydantic_core import PydanticCustomError

from image_processor.engine.errors import NoFaceFound
from image_processor.engine.frame import Frame
from image_processor.engine.operations.parameters import ANCHOR_FRACTIONS, Placement
from image_processor.engine.pixels.detection import Box, faces, interest
from image_processor.engine.pixels.detection.interest import around

MIDDLE = (0.5, 0.5)


def check_focal(anchor: str | None, focal: tuple[float | None, float | None]) -> None:
    """Raises PydanticCustomError unless a focal point is whole, and given with its anchor."""
    given = [
        name for name, value in zip(("focal_x", "focal_y"), focal, strict=True) if value is not None
    ]
    if given and anchor != "focal":
        raise PydanticCustomError(
            "conflict", '{names} can only be given with anchor "focal"', {"names": ", ".join(given)}
        )
    if len(given) == 1:
        raise PydanticCustomError("missing", "give both focal_x and focal_y, or neither")


def without_focal(values: dict[str, Any]) -> dict[str, Any]:
    """Canonical parameters without a focal point that is not there."""
    return {
        name: value
        for name, value in values.items()
        if name not in ("focal_x", "focal_y") or value is not None
    }


def within(across: float, down: float) -> tuple[float, float]:
    """A point as fractions of a picture that may have lost it: then the nearest that is left."""
    return min(max(0.0, across), 1.0), min(max(0.0, down), 1.0)


def is_found(anchor: str | None) -> bool:
    """Whether the place is known only when there are pixels to look at."""
    return anchor in ("smart", "face")


def place(
    free: tuple[float, float],
    size: tuple[float, float],
    anchor: Placement,
    focal: tuple[float, float],
) -> tuple[float, float]:
    """Left and top edge of a rectangle of `size` with `free` pixels around it.

    `focal` is the point, as fractions of the picture, that comes as near to the middle of the
    rectangle as it can. What has to be found counts as the centre.
    """
    if anchor == "focal":
        left, top = (
            min(max(0.0, part * (room + length) - length / 2), room)
            for part, room, length in zip(focal, free, size, strict=True)
        )
        return left, top
    across, down = ANCHOR_FRACTIONS.get(anchor, MIDDLE)
    return free[0] * across, free[1] * down


def find(image: Image.Image, width: int, height: int, anchor: Placement) -> Box:
    """The rectangle that `smart` or `face` keeps of `image`.

    Raises NoFaceFound for `face` where there is none: `smart` is for who takes anything else.
    """
    if anchor == "smart":
        return interest(image, width, height)
    found = faces(image)
    if not found:
        raise NoFaceFound(
            "No face was found in the picture at this step; "
            'anchor "smart" keeps the most detailed part instead.',
            pointer="/anchor",
        )
    return around(found, image, width, height)


def reduced_box(
    box: tuple[int, int, int, int], full: Frame, real: Frame
) -> tuple[int, int, int, int]:
    """Where `box` of `full` lies on a reduced copy of it: whole pixels, one at least, inside."""
    across, down = real.width / full.width, real.height / full.height
    left, top = (
        min(round(box[0] * across), real.width - 1),
        min(round(box[1] * down), real.height - 1),
    )
    right = min(real.width, max(left + 1, round(box[2] * across)))
    return left, top, right, min(real.height, max(top + 1, round(box[3] * down)))
