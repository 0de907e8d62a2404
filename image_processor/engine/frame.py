"""The size and mode of an image: what planning knows of it, without pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image


@dataclass(frozen=True, slots=True)
class Frame:
    """Width and height in pixels, and the mode (`L`, `LA`, `RGB` or `RGBA`).

    `exact` is False after a step whose result size depends on the pixels. The sides are then
    upper bounds.
    """

    width: int
    height: int
    mode: str
    exact: bool = True

    @classmethod
    def of(cls, image: Image.Image) -> Frame:
        return cls(image.width, image.height, image.mode)

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def has_alpha(self) -> bool:
        return self.mode in ("LA", "RGBA")

    @property
    def is_gray(self) -> bool:
        return self.mode in ("L", "LA")

    @property
    def stored_bytes(self) -> int:
        """Memory of the pixels: Pillow stores `L` in one byte and all other modes in four."""
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
        return self.in_mode("LA" if self.is_gray else "RGBA")

    def inexact(self) -> Frame:
        return replace(self, exact=False)

    def allows(self, actual: Frame) -> bool:
        """Whether an image of the `actual` frame is what this planned frame announced."""
        if self.exact:
            return actual == self
        return (
            actual.mode == self.mode and actual.width <= self.width and actual.height <= self.height
        )
