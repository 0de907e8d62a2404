"""From pictures to the bytes of a file: the same pictures give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from image_processor.engine.auto_quality import HIGHEST, smallest_alike
from image_processor.engine.colour import flatten
from image_processor.engine.decode import Picture
from image_processor.engine.errors import DECODER_ERRORS, EncodeFailed, TooMuchMemory
from image_processor.engine.extras import PILLOW_NAMES
from image_processor.engine.formats import OUTPUT_FORMATS
from image_processor.engine.interruption import stop_if_asked
from image_processor.engine.operations.parameters import AUTO, rgba
from image_processor.engine.output_options import Output

MAX_ENCODES = 8
_FULL_CHROMA_FROM = 92
_WHITE = "#ffffffff"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A written file. `target_missed`: it is still larger than `max_bytes` asked for."""

    data: bytes
    quality: int | None
    encodes: int
    mode: str
    target_missed: bool = False


def encode(
    pictures: list[Picture], format_name: str, output: Output, exif: bytes, loop: int
) -> Encoded:
    """Write `pictures` (more than one: an animation), which are laid on their background in place.

    Raises EncodeFailed or TooMuchMemory.
    """
    spec = OUTPUT_FORMATS[format_name]
    for picture in pictures:
        # In place, one after the other: no frame is held twice.
        picture.image = _fitted(picture.image, format_name, output)
    mode = pictures[0].image.mode
    searching = spec.lossy and not output.lossless
    if output.quality == AUTO and searching:
        found = smallest_alike(
            pictures[0].image,
            lambda tried: _write(pictures, format_name, output, tried, exif, loop),
        )
        return Encoded(found.data, found.quality, found.encodes, mode)
    encodes = 1
    quality = output.quality if isinstance(output.quality, int) else HIGHEST
    data = _write(pictures, format_name, output, quality, exif, loop)
    if output.max_bytes is None:
        return Encoded(data, quality if searching else None, encodes, mode)
    low, high = min(output.min_quality, quality), quality - 1
    best: tuple[bytes, int] | None = (data, quality) if len(data) <= output.max_bytes else None
    smallest = (data, quality)
    if searching and best is None:
        while low <= high and encodes < MAX_ENCODES:
            middle = (low + high) // 2
            data = _write(pictures, format_name, output, middle, exif, loop)
            encodes += 1
            if len(data) < len(smallest[0]):
                smallest = (data, middle)
            if len(data) <= output.max_bytes:
                best, low = (data, middle), middle + 1
            else:
                high = middle - 1
    data, quality = best or smallest
    return Encoded(data, quality if searching else None, encodes, mode, best is None)


def _fitted(image: Image.Image, format_name: str, output: Output) -> Image.Image:
    """`image` in a mode that the format holds; alpha laid on the background where it cannot.

    A background that was asked for is laid under the picture in any format.
    """
    has_alpha = image.mode in ("LA", "RGBA")
    background = output.background
    if has_alpha and (background is not None or not OUTPUT_FORMATS[format_name].alpha):
        colour = rgba(background or _WHITE)
        keeps = OUTPUT_FORMATS[format_name].alpha and colour[3] < 255
        if not OUTPUT_FORMATS[format_name].alpha:
            colour = _on_white(colour)
        gray = image.mode == "LA" and colour[0] == colour[1] == colour[2]
        opaque = "L" if gray else "RGB"
        return flatten(image, colour, ("LA" if gray else "RGBA") if keeps else opaque)
    return image


def _on_white(colour: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    alpha = colour[3]
    red, green, blue = (round((value * alpha + 255 * (255 - alpha)) / 255) for value in colour[:3])
    return red, green, blue, 255


def _write(
    pictures: list[Picture],
    format_name: str,
    output: Output,
    quality: int,
    exif: bytes,
    loop: int,
) -> bytes:
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
    buffer = io.BytesIO()
    try:
        images[0].save(buffer, PILLOW_NAMES.get(format_name, format_name), **options)
    except MemoryError as error:
        raise TooMuchMemory(f"Memory ran out while writing {format_name}.") from error
    except DECODER_ERRORS as error:
        raise EncodeFailed(
            f"{images[0].width}x{images[0].height} pixels could not be written as {format_name}."
        ) from error
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
        return {"quality": quality, "lossless": output.lossless, "num_threads": 0}
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
