"""The EXIF orientation as a turn."""

from __future__ import annotations

from PIL import Image

from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.pixels.turn import NO_TURN, Turn

# EXIF orientation -> what brings the stored picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def as_stored(facts: Facts, upright: Frame) -> tuple[Frame, Turn]:
    """The frame that the decoder returns, and the turn that brings it `upright`."""
    method = _UPRIGHT.get(facts.orientation)
    if method is None or facts.format == "TIFF":  # Pillow turns a TIFF on loading
        return upright, NO_TURN
    turn = Turn.of(method)
    return upright.resized(*turn.size(upright.size)), turn
