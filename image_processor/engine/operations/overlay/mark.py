"""The mark of a watermark: a text or an image, as RGBA pixels of a size."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from PIL import Image

from image_processor.engine.pixels.css_colour import is_gray, rgba
from image_processor.engine.pixels.lettering import draw_text, text_size
from image_processor.engine.reading.overlay_source import Overlay


class Mark(ABC):
    """What is laid over the picture, before it is turned."""

    @property
    @abstractmethod
    def is_gray(self) -> bool:
        """Whether a gray picture stays gray under the mark."""

    @abstractmethod
    def size(self, width: float, max_height: float) -> tuple[float, float]:
        """Width and height of `draw`'s image, or an upper estimate."""

    @abstractmethod
    def peak(self, width: float, max_height: float) -> float:
        """Peak memory of `draw` in bytes."""

    @abstractmethod
    def draw(self, width: float, max_height: float, opacity: float) -> Image.Image:
        """The mark, RGBA, about `width` pixels wide and at most `max_height` high."""


@dataclass(frozen=True)
class TextMark(Mark):
    """A line of text in a colour (`#rrggbbaa`)."""

    text: str
    font: str
    colour: str

    @property
    def is_gray(self) -> bool:
        return is_gray(self.colour)

    def size(self, width: float, max_height: float) -> tuple[float, float]:
        return text_size(self.text, self.font, width, max_height)

    def peak(self, width: float, max_height: float) -> float:
        across, down = self.size(width, max_height)
        return 7 * across * down

    def draw(self, width: float, max_height: float, opacity: float) -> Image.Image:
        return draw_text(self.text, self.font, width, max_height, rgba(self.colour), opacity)


@dataclass(frozen=True)
class ImageMark(Mark):
    """Another image."""

    overlay: Overlay

    @property
    def is_gray(self) -> bool:
        return self.overlay.frame.is_gray

    def size(self, width: float, max_height: float) -> tuple[float, float]:
        return self.overlay.size_within(width, max_height)

    def peak(self, width: float, max_height: float) -> float:
        return self.overlay.peak(self.overlay.size_within(width, max_height))

    def draw(self, width: float, max_height: float, opacity: float) -> Image.Image:
        mark = self.overlay.pixels(self.overlay.size_within(width, max_height))
        strength = [round(value * opacity) for value in range(256)]
        mark.putalpha(mark.getchannel("A").point(strength))
        return mark
