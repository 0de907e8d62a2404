"""An image as the plan sees it: its sides and its mode, without a pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image


@dataclass(frozen=True, slots=True)
class Frame:
    """An image reduced to numbers: sides in pixels, and its mode (`L`, `LA`, `RGB`, `RGBA`).

    `exact` is False after a step whose result depends on the pixels: the sides are then those
    that the image has if that step cuts nothing off.
    """

    width: int
    height: int
    mode: str
    exact: bool = True

    @classmethod
    def of(cls, image: Image.Image) -> Frame:
        return cls(image.width, image.height, image.mode)

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def has_alpha(self) -> bool:
        return self.mode in ("LA", "RGBA")

    @property
    def stored_bytes(self) -> int:
        """What the pixels take in memory: one byte each for `L`, else four."""
        return self.pixels * (1 if self.mode == "L" else 4)

    def resized(self, width: int, height: int) -> Frame:
        return replace(self, width=width, height=height)

    def in_mode(self, mode: str) -> Frame:
        return replace(self, mode=mode)

    def in_gray(self) -> Frame:
        return self.in_mode("LA" if self.has_alpha else "L")

    def in_colour(self) -> Frame:
        return self.in_mode("RGBA" if self.has_alpha else "RGB")

    def with_alpha(self) -> Frame:
        return self.in_mode("LA" if self.mode in ("L", "LA") else "RGBA")

    def promises(self, made: Frame) -> bool:
        """Whether an image of the frame `made` is what this one says: no larger, if not exact."""
        if self.exact:
            return made == self
        return made.mode == self.mode and made.width <= self.width and made.height <= self.height

    def inexact(self) -> Frame:
        return replace(self, exact=False)
