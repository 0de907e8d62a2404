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
from image_processor.engine.reading.animation.composition import compose_frames
from image_processor.engine.reading.codecs import open_image
from image_processor.engine.reading.colour.space import Declaration
from image_processor.engine.reading.deep_gray import DeepGray
from image_processor.engine.reading.input_formats import INPUT_FORMATS
from image_processor.engine.reading.metadata.kept import Metadata, kept_metadata
from image_processor.engine.reading.tiff.repair import deep_gray
from image_processor.engine.reading.working_mode import to_working

_METADATA_CUT = {
    "code": "metadata_cut",
    "detail": "A part of the image's metadata is damaged or too large. It was not kept.",
}


@dataclass
class Picture:
    """One frame: pixels in a working mode, and its display time in ms, which may be a fraction.

    Steps replace `image`, so that no earlier state of it stays in memory.
    """

    image: Image.Image
    duration: float


@dataclass
class Source:
    """An opened file, decoded frame by frame.

    `data` is the file, which `handle` has opened. `stored` is the frame at full size.
    `decoded_size` is the size that the decoder returned: full size, or a whole fraction of it.
    `colour` is the colour space that the file declares without a profile. `deep` says what the deep
    gray samples of a TIFF mean. `loop` is how often an animation is played; 0 means forever.
    """

    handle: Image.Image | None
    data: bytes
    facts: Facts
    stored: Frame
    scale: int
    frames: int
    metadata: Metadata
    colour: Declaration
    deep: DeepGray | None
    decoded_size: tuple[int, int] = (0, 0)
    loop: int = 0
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def pictures(self) -> Iterator[Picture]:
        """Each frame in turn; only one is held at a time. Can be called once.

        Raises InvalidImage if the file is damaged.
        """
        images = self._images()
        for index in range(self.frames):
            stop_if_requested()
            with decoder_errors("decoding"):
                image, duration = next(images, (None, 0.0))
                if image is None:
                    raise InvalidImage(
                        f"The file announces {self.frames} frames and has {index}.",
                        limit=self.frames,
                        actual=index,
                    )
                if index == 0:
                    self.decoded_size = image.size
                    self._check_size(image)
                picture = Picture(self._to_srgb(image), _shown_milliseconds(duration))
            del image
            yield picture

    def _images(self) -> Iterator[tuple[Image.Image | None, float]]:
        """The pixels of each frame in the mode of the file, and its display time in ms.

        The generator keeps no reference to a single image that it has handed over, so that its
        pixels do not outlive their conversion.
        """
        handle, self.handle = self.handle, None
        assert handle is not None
        self.loop = _loop(handle.info.get("loop"), self.facts.format)
        composed = compose_frames(handle, self.data, self.frames)
        if composed is not None:
            yield from composed
        elif self.frames == 1:
            handle.load()
            images = [handle]
            del handle
            yield images.pop(), 0.0
        else:
            for index in range(self.frames):
                handle.seek(index)
                handle.load()
                yield handle.copy(), handle.info.get("duration", 0.0)

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
        kept, complete = kept_metadata(handle, metadata, turned=facts.orientation >= 5)
    return Source(
        handle,
        data,
        facts,
        stored,
        scale,
        frames,
        kept,
        INPUT_FORMATS[facts.format].colour(data),
        deep_gray(data) if facts.format == "TIFF" else None,
        warnings=[] if complete else [dict(_METADATA_CUT)],
    )


def _loop(value: object, format_name: str) -> int:
    """How often an animation is played; 0 means forever, and so does more than 65,535 times.

    A GIF stores the number of repetitions; without that number it plays once.
    """
    if not isinstance(value, int):
        return 1 if format_name == "GIF" else 0
    plays = value + 1 if format_name == "GIF" and value else value
    return plays if plays <= 65_535 else 0


def _shown_milliseconds(duration: float) -> float:
    """How long browsers show a frame for which the file gives `duration`, in ms.

    They take 10 ms or less, which many old files give, for no time at all: 100 ms.
    """
    return duration if duration > 10 else 100.0
