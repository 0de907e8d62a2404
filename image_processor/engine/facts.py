"""The facts of an image file that its header gives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """Header facts of one file. All values can be written as JSON.

    `width` and `height` are upright: the EXIF orientation (1..8) has been applied. `frames`
    counts the frames of an animation or the pages of a TIFF. `colour` names the colour space that
    the file declares without an ICC profile, such as `Display P3`; None if that is sRGB, or if a
    profile counts instead. `exif` holds strings and numbers, never serial numbers. `gps` holds the
    position, which `exif` leaves out. `warnings` are dicts with `code` and `detail`: damage that
    does not keep the picture from being shown.
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
    colour: str | None = None
    exif: dict[str, Any] = field(default_factory=dict)
    gps: dict[str, float] | None = None
    progressive: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Facts:
        """The inverse of `to_dict`. Ignores other keys, because storage adds its own."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    @property
    def indexed(self) -> bool:
        """Whether the file stores few colours: by a palette, or black and white alone."""
        return self.mode in ("P", "1")

    @property
    def animated(self) -> bool:
        """Whether the frames are an animation, and not the pages of a document."""
        return self.frames > 1 and self.format in ("GIF", "WEBP", "PNG", "AVIF")
