"""From the bytes of a file to upright pictures in a working mode and in sRGB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image

from image_processor.engine.codecs import open_image
from image_processor.engine.colour import to_working
from image_processor.engine.errors import InvalidImage, decoder_errors
from image_processor.engine.facts import Facts
from image_processor.engine.metadata import kept_exif
from image_processor.engine.operations.base import Frame

# What brings a picture of each EXIF orientation upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
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
    """One frame: pixels in a working mode, upright, and its time on screen in ms.

    Steps replace `image` in place, so that no earlier state of it stays in memory.
    """

    image: Image.Image
    duration: int


@dataclass
class Source:
    """An opened file, decoded frame by frame.

    `decoded_size` is the size in which the decoder gave out the pixels, before they were
    brought upright: the file's own, or a whole fraction of it. `loop`: how often an animation is
    played, 0 for ever.
    """

    handle: Image.Image | None
    facts: Facts
    mode: str
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
        return Picture(self._upright(self._in_srgb(image)), duration)

    def _in_srgb(self, image: Image.Image) -> Image.Image:
        profile = image.info.get("icc_profile")
        working, understood = to_working(
            image, self.mode, profile if isinstance(profile, bytes) else None, _depth(image)
        )
        if not understood and _BROKEN_PROFILE not in self.warnings:
            self.warnings.append(dict(_BROKEN_PROFILE))
        return working

    def _upright(self, image: Image.Image) -> Image.Image:
        """Upright, and of the size that the facts say, also where a GIF's frame is larger."""
        turn = _UPRIGHT.get(self.facts.orientation)
        if turn is not None and self.facts.format != "TIFF":  # Pillow turns TIFF on loading
            image = image.transpose(turn)
        size = (self.facts.width, self.facts.height)
        return image.crop((0, 0, *size)) if self.scale == 1 and image.size != size else image

    def _check_size(self, handle: Image.Image) -> None:
        turned = self.facts.turned and self.facts.format != "TIFF"
        width, height = handle.size[::-1] if turned else handle.size
        wanted = -(-self.facts.width // self.scale), -(-self.facts.height // self.scale)
        if (width, height) != wanted:
            raise InvalidImage(
                f"The image decodes to {width}x{height} pixels where {wanted[0]}x{wanted[1]} "
                "were announced."
            )


def open_source(
    data: bytes,
    facts: Facts,
    first: Frame,
    scale: int,
    frames: int,
    metadata: Literal["keep", "strip"] | None,
) -> Source:
    """Open `data` to give `frames` pictures at 1/`scale` of their size. Decodes nothing yet."""
    with decoder_errors("opening"):
        handle = open_image(data, facts.format)
        if scale > 1:
            handle.draft(None, (handle.width // scale, handle.height // scale))
        exif, whole = kept_exif(handle, metadata)
    warnings = [] if whole else [dict(_METADATA_CUT)]
    return Source(handle, facts, first.mode, scale, frames, exif, warnings=warnings)


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
