"""The canvas of an animation, on which each frame is drawn over what the frames before it left.

The rules are those of the W3C PNG specification (third edition, "APNG: frame-based animation").
GIF has the same ones by convention: browsers clear to transparent and ignore the background colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from PIL import Image

_Box = tuple[int, int, int, int]


class Disposal(Enum):
    """What happens to the place of a frame before the next one: it stays, is cleared, or undone."""

    KEEP = auto()
    CLEAR = auto()
    RESTORE = auto()


class Blend(Enum):
    """How pixels are drawn: they replace what is there, all or the opaque ones, or lie over it.

    `OPAQUE` is for pixels of which each is clear or opaque, and quicker for them than `OVER`.
    """

    REPLACE = auto()
    OPAQUE = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class RawFrame:
    """A frame as the file holds it: its place on the canvas and a file of its own.

    `gray`: it has no colours. `still` is a file in the format of the animation with the pixels of
    this frame only; it is empty for a frame without pixels. `duration` is in ms.
    """

    left: int
    top: int
    width: int
    height: int
    gray: bool
    still: bytes
    duration: float
    disposal: Disposal
    blend: Blend


class Canvas:
    """Pixels in LA or RGBA, clear at first, and what becomes of them before the next frame.

    The canvas and at most one copy of a frame's place are held.
    """

    def __init__(self, mode: str, size: tuple[int, int], info: dict[Any, Any]) -> None:
        """`info` goes to each whole picture; it holds facts of the file as Pillow names them."""
        self._image = Image.new(mode, size)
        self._image.info = info
        self._replacement: tuple[Image.Image | tuple[int, ...], _Box] | None = None
        self._clear = (0,) * len(mode)
        self._blank = True

    def compose(
        self, frames: Iterable[RawFrame], decode: Callable[[bytes], Image.Image], count: int
    ) -> Iterator[tuple[Image.Image, float]]:
        """The whole picture and the display time in ms of each of the first `count` frames.

        `decode` returns the pixels of a still file in the mode of the canvas. Frames beyond `count`
        are not decoded. The last picture is the canvas itself. Can be called once.
        """
        for number, frame in enumerate(frames, start=1):
            self._dispose()
            if frame.still:
                self._draw(decode(frame.still), frame)
            if number == count:
                yield self._hand_over(), frame.duration
                return
            yield self._image.copy(), frame.duration

    def _dispose(self) -> None:
        """Dispose of the last frame."""
        if self._replacement is not None:
            self._image.paste(*self._replacement)
            self._replacement = None

    def _draw(self, pixels: Image.Image, frame: RawFrame) -> None:
        """Draw `pixels`; parts of them outside of the canvas are left out."""
        width, height = self._image.size
        right, bottom = frame.left + pixels.width, frame.top + pixels.height
        box = frame.left, frame.top, min(right, width), min(bottom, height)
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        if box[2:] != (right, bottom):
            pixels = pixels.crop((0, 0, box[2] - box[0], box[3] - box[1]))
        if frame.disposal is Disposal.CLEAR:
            self._replacement = self._clear, box
        elif frame.disposal is Disposal.RESTORE:
            self._replacement = self._image.crop(box), box
        if self._blank and frame.blend is Blend.REPLACE and box == (0, 0, width, height):
            pixels.info = self._image.info
            self._image = pixels
        elif frame.blend is Blend.OPAQUE:
            self._image.paste(pixels, box, pixels)
        elif frame.blend is Blend.REPLACE or self._blank:
            # Upon nothing, replacing and laying over are the same.
            self._image.paste(pixels, box)
        else:
            self._image.alpha_composite(pixels, box[:2])
        self._blank = False

    def _hand_over(self) -> Image.Image:
        """The image, which the canvas then no longer holds."""
        image = self._image
        del self._image
        return image
