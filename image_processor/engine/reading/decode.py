"""Decoding a file into pictures in a working mode and in sRGB, not yet upright."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image

from image_processor.engine.errors import InvalidImage, decoder_errors
from image_processor.engine.facts import Facts
from image_processor.engine.frame import Frame
from image_processor.engine.interruption import stop_if_requested
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.colour.space import Declaration
from image_processor.engine.reading.deep_gray import DeepGray
from image_processor.engine.reading.exif_kept import kept_exif
from image_processor.engine.reading.input_formats import INPUT_FORMATS
from image_processor.engine.reading.tiff.repair import deep_gray
from image_processor.engine.reading.working_mode import to_working

_METADATA_CUT = {
    "code": "metadata_cut",
    "detail": "The metadata of the image is too large for the result. Only a part was kept.",
}


@dataclass
class Picture:
    """One frame: pixels in a working mode, and its display time in ms.

    Steps replace `image`, so that no earlier state of it stays in memory.
    """

    image: Image.Image
    duration: int


@dataclass
class Source:
    """An opened file, decoded frame by frame.

    `stored` is the frame at full size. `decoded_size` is the size that the decoder returned: full
    size, or a whole fraction of it. `colour` is the colour space that the file declares without a
    profile. `deep` says what the deep gray samples of a TIFF mean. `loop` is how often an animation
    is played; 0 means forever.
    """

    handle: Image.Image | None
    facts: Facts
    stored: Frame
    scale: int
    frames: int
    exif: bytes
    deep: DeepGray | None = None
    decoded_size: tuple[int, int] = (0, 0)
    colour: Declaration = field(default_factory=Declaration)
    loop: int = 0
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def pictures(self) -> Iterator[Picture]:
        """Each frame in turn; only one is held at a time. Can be called once.

        Raises InvalidImage if the file is damaged.
        """
        handle, self.handle = self.handle, None
        assert handle is not None
        if self.frames == 1:
            with decoder_errors("decoding"):
                picture = self._picture(handle, 0)
            # The handle may be the picture itself, so it must not keep the pixels alive.
            del handle
            yield picture
            return
        for index in range(self.frames):
            stop_if_requested()
            with decoder_errors("decoding"):
                picture = self._picture(handle, index)
            yield picture

    def _picture(self, handle: Image.Image, index: int) -> Picture:
        # An animated PNG may start with a picture for old viewers, which is not a frame.
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
        return Picture(self._crop(self._to_srgb(image)), duration)

    def _to_srgb(self, image: Image.Image) -> Image.Image:
        profile = image.info.get("icc_profile")
        working, warnings = to_working(
            image,
            self.stored.mode,
            profile if isinstance(profile, bytes) else None,
            self.colour,
            self.deep,
        )
        self.warnings += [warning for warning in warnings if warning not in self.warnings]
        return working

    def _crop(self, image: Image.Image) -> Image.Image:
        """`image` in the size that the facts give; a GIF's frame may be larger."""
        size = (self.stored.width, self.stored.height)
        return image.crop((0, 0, *size)) if self.scale == 1 and image.size != size else image

    def _check_size(self, handle: Image.Image) -> None:
        expected = -(-self.stored.width // self.scale), -(-self.stored.height // self.scale)
        if handle.size != expected:
            raise InvalidImage(
                f"The image decodes to {handle.width}x{handle.height} pixels, but "
                f"its header announces {expected[0]}x{expected[1]}."
            )


def open_source(
    data: bytes,
    facts: Facts,
    stored: Frame,
    scale: int,
    frames: int,
    metadata: Literal["keep", "strip"] | None,
) -> Source:
    """Open `data` to decode `frames` pictures at 1/`scale` of their size. Decodes nothing yet.

    `stored` is the frame that the decoder returns, in the working mode. If that mode is gray and
    the file is in colour, only luma is decoded.
    """
    with decoder_errors("opening"):
        handle = open_image(data, facts.format)
        luma = "L" if stored.mode == "L" and handle.mode == "RGB" else None
        if scale > 1 or luma:
            handle.draft(luma, (handle.width // scale, handle.height // scale))
        exif, complete = kept_exif(handle, metadata)
        deep = deep_gray(data) if facts.format == "TIFF" else None
    warnings = [] if complete else [dict(_METADATA_CUT)]
    colour = INPUT_FORMATS[facts.format].colour(data)
    return Source(
        handle, facts, stored, scale, frames, exif, deep, colour=colour, warnings=warnings
    )


def _loop(value: object, format_name: str) -> int:
    """How often an animation is played; 0 means forever, and so does more than 65,535 times.

    A GIF stores the number of repetitions; without that number it plays once.
    """
    if not isinstance(value, int):
        return 1 if format_name == "GIF" else 0
    plays = value + 1 if format_name == "GIF" and value else value
    return plays if plays <= 65_535 else 0


def _milliseconds(value: object) -> int:
    """The display time of a frame; 100 ms if none is given, as players do."""
    if isinstance(value, int | float) and 0 < value < 655_350:
        return max(1, round(value))
    return 100
