"""One file of one or more pictures: every choice that a codec is given."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageFile

from image_processor.engine.errors import DECODER_ERRORS, EncodeFailed, TooMuchMemory
from image_processor.engine.interruption import stop_if_asked
from image_processor.engine.planning.output_options import Output
from image_processor.engine.reading.decode import Picture
from image_processor.engine.reading.extras import PILLOW_NAMES

_FULL_CHROMA_FROM = 92

# The size of that buffer is a variable of Pillow's module: one at a time may change it.
_ROOM = threading.Lock()
# What a pixel of noise takes at the highest quality is 4; room that is not used costs nothing.
_MOST_BYTES = 8


def write(
    pictures: list[Picture],
    format_name: str,
    output: Output,
    quality: int,
    exif: bytes,
    loop: int,
) -> bytes:
    """One file of `pictures`, at this quality. Raises EncodeFailed or TooMuchMemory."""
    stop_if_asked()
    options = _options(format_name, output, quality)
    if exif and format_name != "GIF":
        options["exif"] = exif
        if format_name == "TIFF" and output.metadata == "keep":
            # libtiff, which compresses, cannot write the nested directory of capture facts.
            del options["compression"]
    images = _Pictures(picture.image for picture in pictures)
    if format_name == "GIF":
        images = _Pictures(_palette(image) for image in images)
        if "transparency" in images[0].info or any("transparency" in i.info for i in images):
            options["transparency"] = _CLEAR
            options["disposal"] = 2
    if len(images) > 1:
        options |= {
            "save_all": True,
            "append_images": _Pictures(images[1:]),
            "duration": [picture.duration for picture in pictures],
        }
        if format_name != "GIF":
            options["loop"] = loop
        elif loop != 1:  # a GIF counts how often it is played again
            options["loop"] = max(0, loop - 1)
    try:
        return _saved(images[0], PILLOW_NAMES.get(format_name, format_name), options)
    except MemoryError as error:
        raise TooMuchMemory(f"Memory ran out while writing {format_name}.") from error
    except DECODER_ERRORS as error:
        raise EncodeFailed(
            f"{images[0].width}x{images[0].height} pixels could not be written as {format_name}."
        ) from error


def _saved(image: Image.Image, name: str, options: dict[str, Any]) -> bytes:
    """The file. A JPEG that Pillow has too little room for, as for noise, gets more of it.

    Pillow has an optimised JPEG written in one go into a buffer of one or two bytes a pixel.
    """
    buffer = io.BytesIO()
    try:
        image.save(buffer, name, **options)
    except OSError:
        if name != "JPEG":
            raise
        buffer = io.BytesIO()
        with _ROOM:
            usual = ImageFile.MAXBLOCK
            ImageFile.MAXBLOCK = _MOST_BYTES * image.width * image.height + usual
            try:
                image.save(buffer, name, **options)
            finally:
                ImageFile.MAXBLOCK = usual
    return buffer.getvalue()


class _Pictures(list[Image.Image]):
    """Pictures between which the work may be stopped."""

    def __iter__(self) -> Iterator[Image.Image]:
        for image in super().__iter__():
            stop_if_asked()
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
        # More threads would make the bytes depend on the machine.
        return {"quality": quality, "speed": 7, "max_threads": 1}
    if format_name == "HEIC":
        return {"quality": quality}
    if format_name == "JXL":
        # The library takes the highest quality for what it is by no other name.
        lossless = output.lossless or quality == 100
        return {"quality": quality, "lossless": lossless, "num_threads": 0}
    if format_name == "TIFF":
        return {"compression": "tiff_adobe_deflate"}
    return {}


_CLEAR = 255


def _palette(image: Image.Image) -> Image.Image:
    """`image` in at most 256 colours; half-transparent pixels become clear or opaque."""
    if image.mode not in ("LA", "RGBA"):
        return image if image.mode == "L" else image.quantize(256, Image.Quantize.MEDIANCUT)
    alpha = image.getchannel("A")
    colours = image.convert("RGB").quantize(255, Image.Quantize.MEDIANCUT)
    clear = alpha.point([255] * 128 + [0] * 128)
    if clear.getbbox() is not None:
        colours.paste(_CLEAR, mask=clear)
        colours.info["transparency"] = _CLEAR
    return colours
