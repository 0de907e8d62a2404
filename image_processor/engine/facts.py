"""What is known of an image from its header alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """Header facts of one file; JSON-able.

    `width` and `height` are upright: after the EXIF orientation (1..8) has been applied.
    `frames` counts the pictures of an animation (or the pages of a TIFF). `exif` holds plain
    strings and numbers, never serial numbers; where it was taken stands apart, in `gps`.
    """

    format: str
    width: int
    height: int
    mode: str
    size_bytes: int
    frames: int = 1
    has_alpha: bool = False
    orientation: int = 1
    icc_profile: str | None = None
    exif: dict[str, Any] = field(default_factory=dict)
    gps: dict[str, float] | None = None
    progressive: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Facts:
        """The facts of `to_dict`; other keys are left out, since storage adds its own."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    @property
    def turned(self) -> bool:
        """Whether the stored picture lies on its side."""
        return self.orientation >= 5

    @property
    def animated(self) -> bool:
        return self.frames > 1 and self.format in ("GIF", "WEBP", "PNG", "AVIF")
