"""Writing one file with Pillow, and the options that each codec gets."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageFile

from image_processor.engine.errors import DECODER_ERRORS, EncodeFailed, TooMuchMemory
from image_processor.engine.interruption import stop_if_requested
from image_processor.engine.optional_formats import PILLOW_NAMES
from image_processor.engine.reading.decode import Picture
from image_processor.engine.reading.formats.webp import declare_alpha
from image_processor.engine.reading.metadata.kept import Metadata
from image_processor.engine.writing.colour_reduction import reduce_colours
from image_processor.engine.writing.display_times import shorten_equal_frames
from image_processor.engine.writing.metadata_options import (
    has_nested_directory,
    metadata_options,
    without_source,
)
from image_processor.engine.writing.options import Output

_FULL_CHROMA_FROM = 92

# Pillow's buffer size is a module variable, so only one thread may change it at a time.
_BUFFER_LOCK = threading.Lock()
# A pixel of noise takes 4 bytes at the highest quality. Unused parts of the buffer cost nothing.
_MAX_PIXEL_BYTES = 8


def write(
    pictures: list[Picture],
    format_name: str,
    output: Output,
    quality: int,
    metadata: Metadata,
    loop: int,
) -> bytes:
    """Write `pictures` into one file at `quality`. Raises EncodeFailed or TooMuchMemory."""
    stop_if_requested()
    options = _options(format_name, output, quality)
    options |= metadata_options(format_name, metadata)
    if format_name == "TIFF" and has_nested_directory(options):
        # Compression needs libtiff, which cannot write the nested EXIF directory.
        del options["compression"]
    images = _Images(without_source(picture.image) for picture in pictures)
    if format_name == "GIF":
        images = _Images(to_palette(image) for image in images)
        if "transparency" in images[0].info or any("transparency" in i.info for i in images):
            options["transparency"] = _TRANSPARENT
            options["disposal"] = 2
            if len(images) > 1:
                for image in images:
                    _lighten_black(image)
    if len(images) > 1:
        durations = [picture.duration for picture in pictures]
        if format_name == "GIF":
            durations = shorten_equal_frames(images, durations)
        options |= {
            "save_all": True,
            "append_images": _Images(images[1:]),
            "duration": durations,
        }
        if format_name != "GIF":
            options["loop"] = loop
        elif loop != 1:  # a GIF stores the number of repetitions
            options["loop"] = max(0, loop - 1)
    try:
        data = _save(images[0], PILLOW_NAMES.get(format_name, format_name), options)
        # The encoder forgets the flag where only the canvas is clear.
        return declare_alpha(data) if format_name == "WEBP" else data
    except MemoryError as error:
        raise TooMuchMemory(f"Memory ran out while writing {format_name}.") from error
    except DECODER_ERRORS as error:
        raise EncodeFailed(
            f"{images[0].width}x{images[0].height} pixels could not be written as {format_name}."
        ) from error


def _save(image: Image.Image, name: str, options: dict[str, Any]) -> bytes:
    """The file. If a JPEG does not fit into Pillow's buffer, try again with a larger buffer.

    Pillow writes an optimised JPEG at once into a buffer of one or two bytes a pixel. A picture of
    noise needs more.
    """
    buffer = io.BytesIO()
    try:
        image.save(buffer, name, **options)
    except OSError:
        if name != "JPEG":
            raise
        buffer = io.BytesIO()
        with _BUFFER_LOCK:
            default = ImageFile.MAXBLOCK
            ImageFile.MAXBLOCK = _MAX_PIXEL_BYTES * image.width * image.height + default
            try:
                image.save(buffer, name, **options)
            finally:
                ImageFile.MAXBLOCK = default
    return buffer.getvalue()


class _Images(list[Image.Image]):
    """A list of images; the work can be stopped before each of them."""

    def __iter__(self) -> Iterator[Image.Image]:
        for image in super().__iter__():
            stop_if_requested()
            yield image


def _options(format_name: str, output: Output, quality: int) -> dict[str, Any]:
    if format_name == "JPEG":
        full_chroma = quality >= _FULL_CHROMA_FROM
        subsampling = "4:4:4" if full_chroma else "4:2:0"
        return {
            "quality": quality,
            "progressive": True,
            "optimize": True,
            "subsampling": subsampling,
        }
    if format_name == "WEBP":
        if output.lossless:
            return {"lossless": True, "quality": 75, "method": 4, "exact": False}
        return {"quality": quality, "method": 4}
    if format_name == "AVIF":
        # With more threads the bytes would depend on the machine.
        return {"quality": quality, "speed": 7, "max_threads": 1}
    if format_name == "HEIC":
        return {"quality": quality}
    if format_name == "JXL":
        # The library encodes quality 100 losslessly only if told so.
        lossless = output.lossless or quality == 100
        return {"quality": quality, "lossless": lossless, "num_threads": 0}
    if format_name == "TIFF":
        return {"compression": "tiff_adobe_deflate"}
    return {}


_TRANSPARENT = 255


def to_palette(image: Image.Image) -> Image.Image:
    """`image` as a GIF holds it: at most 256 colours, every pixel transparent or opaque."""
    if image.mode not in ("LA", "RGBA"):
        return image if image.mode in ("L", "P") else reduce_colours(image, 256)
    alpha = image.getchannel("A")
    colours = reduce_colours(image.convert("RGB"), 255)
    clear = alpha.point([255] * 128 + [0] * 128)
    if clear.getbbox() is not None:
        colours.paste(_TRANSPARENT, mask=clear)
        colours.info["transparency"] = _TRANSPARENT
    return colours


def _lighten_black(image: Image.Image) -> None:
    """Replace black in the palette of `image` by the next lighter gray.

    Before it cuts the empty margins of a frame, Pillow compares the frame to a background that it
    takes for opaque black, so that it would cut what is black.
    """
    table = image.getpalette() or []
    colours = [tuple(table[start : start + 3]) for start in range(0, len(table), 3)]
    image.putpalette(
        [value for colour in colours for value in (colour if any(colour) else (1, 1, 1))]
    )
