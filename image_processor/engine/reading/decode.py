"""From the bytes of a file to pictures in a working mode and in sRGB, as they are stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image

from image_processor.engine.errors import InvalidImage, decoder_errors
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.interruption import stop_if_asked
from image_processor.engine.pixels.colour import to_working
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.metadata import kept_exif

_BITS_PER_SAMPLE = 258

_BROKEN_PROFILE = {
    "code": "broken_profile",
    "detail": "The embedded colour profile is broken or does not fit, and was ignored.",
}
_METADATA_CUT = {
    "code": "metadata_cut",
    "detail": "The image says more about itself than a result can carry; only a part was kept.",
}


@dataclass
class Picture:
    """One frame: pixels in a working mode, and its time on screen in ms.

    Steps replace `image` in place, so that no earlier state of it stays in memory.
    """

    image: Image.Image
    duration: int


@dataclass
class Source:
    """An opened file, decoded frame by frame.

    `stored` is the frame at full size; `decoded_size` the size in which the decoder gave out
    the pixels: that one, or a whole fraction of it. `loop`: how often an animation is played, 0
    for ever.
    """

    handle: Image.Image | None
    facts: Facts
    stored: Frame
    scale: int
    frames: int
    exif: bytes
    decoded_size: tuple[int, int] = (0, 0)
    loop: int = 0
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def pictures(self) -> Iterator[Picture]:
        """Each frame in turn, once; only one is held. Raises InvalidImage if damaged."""
        handle, self.handle = self.handle, None
        assert handle is not None
        if self.frames == 1:
            with decoder_errors("decoding"):
                picture = self._picture(handle, 0)
            # The handle may be the picture itself: nothing here may keep its pixels alive.
            del handle
            yield picture
            return
        for index in range(self.frames):
            stop_if_asked()
            with decoder_errors("decoding"):
                picture = self._picture(handle, index)
            yield picture

    def _picture(self, handle: Image.Image, index: int) -> Picture:
        # A PNG may hold a picture for viewers without animation; it is no frame.
        place = index + 1 if self.frames > 1 and handle.info.get("default_image") else index
        if place:
            handle.seek(place)
        handle.load()
        if index == 0:
            self.decoded_size = handle.size
            self._check_size(handle)
            self.loop = _loop(handle.info.get("loop"), self.facts.format)
        duration = _milliseconds(handle.info.get("duration"))
        image = handle.copy() if self.frames > 1 else handle
        return Picture(self._cut(self._in_srgb(image)), duration)

    def _in_srgb(self, image: Image.Image) -> Image.Image:
        profile = image.info.get("icc_profile")
        working, understood = to_working(
            image, self.stored.mode, profile if isinstance(profile, bytes) else None, _depth(image)
        )
        if not understood and _BROKEN_PROFILE not in self.warnings:
            self.warnings.append(dict(_BROKEN_PROFILE))
        return working

    def _cut(self, image: Image.Image) -> Image.Image:
        """Of the size that the facts say, also where a GIF's frame is larger."""
        size = (self.stored.width, self.stored.height)
        return image.crop((0, 0, *size)) if self.scale == 1 and image.size != size else image

    def _check_size(self, handle: Image.Image) -> None:
        wanted = -(-self.stored.width // self.scale), -(-self.stored.height // self.scale)
        if handle.size != wanted:
            raise InvalidImage(
                f"The image decodes to {handle.width}x{handle.height} pixels where "
                f"{wanted[0]}x{wanted[1]} were announced."
            )


def open_source(
    data: bytes,
    facts: Facts,
    stored: Frame,
    scale: int,
    frames: int,
    metadata: Literal["keep", "strip"] | None,
) -> Source:
    """Open `data` to give `frames` pictures at 1/`scale` of their size. Decodes nothing yet.

    `stored` is one of them as the decoder gives it out, in the working mode; where that is gray
    and the file is not, only its luma is decoded.
    """
    with decoder_errors("opening"):
        handle = open_image(data, facts.format)
        luma = "L" if stored.mode == "L" and handle.mode == "RGB" else None
        if scale > 1 or luma:
            handle.draft(luma, (handle.width // scale, handle.height // scale))
        exif, whole = kept_exif(handle, metadata)
    warnings = [] if whole else [dict(_METADATA_CUT)]
    return Source(handle, facts, stored, scale, frames, exif, warnings=warnings)


def _depth(image: Image.Image) -> int:
    """Bits that a deep grayscale sample really uses: 16, or what a TIFF says."""
    bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, (16,))
    return bits[0] if isinstance(bits, tuple) and bits and 8 < bits[0] <= 16 else 16


def _loop(value: object, format_name: str) -> int:
    """How often an animation is played, 0 for ever, as more than 65,535 times is.

    A GIF says how often it is played again; one that does not say plays once.
    """
    if not isinstance(value, int):
        return 1 if format_name == "GIF" else 0
    plays = value + 1 if format_name == "GIF" and value else value
    return plays if plays <= 65_535 else 0


def _milliseconds(value: object) -> int:
    """A frame's time; what players do with very short ones (100 ms) is kept for zero."""
    if isinstance(value, int | float) and 0 < value < 655_350:
        return max(1, round(value))
    return 100
