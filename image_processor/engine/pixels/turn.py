"""The eight ways to turn an image by right angles and mirror it, and their composition."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from image_processor.engine.pixels.resample import Box

_TRANSPOSES = {
    (False, True, False): Image.Transpose.FLIP_LEFT_RIGHT,
    (False, False, True): Image.Transpose.FLIP_TOP_BOTTOM,
    (False, True, True): Image.Transpose.ROTATE_180,
    (True, False, False): Image.Transpose.TRANSPOSE,
    (True, True, False): Image.Transpose.ROTATE_270,
    (True, False, True): Image.Transpose.ROTATE_90,
    (True, True, True): Image.Transpose.TRANSVERSE,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One of the eight symmetries of a rectangle.

    Rows and columns are swapped first; then left and right are mirrored, or top and bottom are
    flipped, or both.
    """

    swapped: bool = False
    mirrored: bool = False
    flipped: bool = False

    @classmethod
    def of(cls, method: Image.Transpose) -> Turn:
        """The turn that `Image.transpose(method)` makes."""
        return next(cls(*flags) for flags, known in _TRANSPOSES.items() if known == method)

    @property
    def method(self) -> Image.Transpose | None:
        """The method of `Image.transpose`, or None for the identity."""
        return _TRANSPOSES.get((self.swapped, self.mirrored, self.flipped))

    def then(self, other: Turn) -> Turn:
        """This turn followed by `other`."""
        across, down = self.mirrored, self.flipped
        if other.swapped:
            across, down = down, across
        return Turn(self.swapped ^ other.swapped, across ^ other.mirrored, down ^ other.flipped)

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """Width and height after the turn. Its own inverse."""
        return size[::-1] if self.swapped else size

    def box_before(self, box: Box, size: tuple[int, int]) -> Box:
        """Where `box` of the turned image, which has `size`, lies in the image before the turn."""
        left, top, right, bottom = box
        if self.mirrored:
            left, right = size[0] - right, size[0] - left
        if self.flipped:
            top, bottom = size[1] - bottom, size[1] - top
        return (top, left, bottom, right) if self.swapped else (left, top, right, bottom)


NO_TURN = Turn()
