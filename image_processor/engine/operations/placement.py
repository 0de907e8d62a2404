"""Where an anchor or a focal point places a rectangle in an image."""

from __future__ import annotations

from typing import Any

from PIL import Image
from pydantic_core import PydanticCustomError

from image_processor.engine.errors import NoFaceFound
from image_processor.engine.frame import Frame
from image_processor.engine.operations.parameters import ANCHOR_FRACTIONS, Placement
from image_processor.engine.pixels.detection import Box, faces, interest
from image_processor.engine.pixels.detection.interest import centre_on_faces

CENTRE = (0.5, 0.5)


def check_focal_point(anchor: str | None, focal: tuple[float | None, float | None]) -> None:
    """Raise PydanticCustomError if a focal point is incomplete or given with another anchor."""
    given = [
        name for name, value in zip(("focal_x", "focal_y"), focal, strict=True) if value is not None
    ]
    if given and anchor != "focal":
        raise PydanticCustomError(
            "conflict", 'takes {names} only with the anchor "focal"', {"names": ", ".join(given)}
        )
    if len(given) == 1:
        raise PydanticCustomError("missing", "needs both focal_x and focal_y, or neither")


def focal_point(x: float | None, y: float | None) -> tuple[float, float]:
    """The given focal point, else the centre."""
    return CENTRE if x is None or y is None else (x, y)


def drop_empty_focal_point(values: dict[str, Any]) -> dict[str, Any]:
    """Canonical parameters without `focal_x` and `focal_y` where these are None."""
    return {
        name: value
        for name, value in values.items()
        if name not in ("focal_x", "focal_y") or value is not None
    }


def clamp_point(across: float, down: float) -> tuple[float, float]:
    """The point of the image that is nearest to a point, both as fractions.

    A crop may have cut the point off.
    """
    return min(max(0.0, across), 1.0), min(max(0.0, down), 1.0)


def depends_on_content(anchor: str | None) -> bool:
    """Whether only the pixels of the image decide where the anchor lies."""
    return anchor in ("smart", "face")


def place_box(
    free: tuple[float, float],
    size: tuple[float, float],
    anchor: Placement,
    focal: tuple[float, float],
) -> tuple[float, float]:
    """Left and top edge of a rectangle of `size` with `free` pixels around it.

    With the anchor `focal`, the rectangle is centred on the point `focal` (fractions of the image)
    as far as the edges allow. Anchors that depend on the content count as the centre.
    """
    if anchor == "focal":
        left, top = (
            min(max(0.0, part * (room + length) - length / 2), room)
            for part, room, length in zip(focal, free, size, strict=True)
        )
        return left, top
    across, down = ANCHOR_FRACTIONS.get(anchor, CENTRE)
    return free[0] * across, free[1] * down


def find_box(image: Image.Image, width: int, height: int, anchor: Placement) -> Box:
    """The rectangle that the anchor `smart` or `face` keeps of `image`.

    Raises NoFaceFound for `face` if there is none.
    """
    if anchor == "smart":
        return interest(image, width, height)
    found = faces(image)
    if not found:
        raise NoFaceFound(
            "No face was found in the picture at this step. "
            'Use the anchor "smart" to keep the most detailed part instead.',
            pointer="/anchor",
        )
    return centre_on_faces(found, image, width, height)


def reduce_box(
    box: tuple[int, int, int, int], full: Frame, real: Frame
) -> tuple[int, int, int, int]:
    """Where `box` of `full` lies on a reduced copy: whole pixels, at least one, inside."""
    across, down = real.width / full.width, real.height / full.height
    left, top = (
        min(round(box[0] * across), real.width - 1),
        min(round(box[1] * down), real.height - 1),
    )
    right = min(real.width, max(left + 1, round(box[2] * across)))
    return left, top, right, min(real.height, max(top + 1, round(box[3] * down)))
