"""Encoding pictures into a file. A quality of `auto` or a size limit needs a search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from image_processor.engine.pixels.alpha import flatten
from image_processor.engine.pixels.css_colour import rgba
from image_processor.engine.reading.decode import Picture
from image_processor.engine.reading.metadata.kept import Metadata
from image_processor.engine.writing.auto_quality import HIGHEST, search_quality
from image_processor.engine.writing.options import AUTO, Output
from image_processor.engine.writing.output_formats import OUTPUT_FORMATS
from image_processor.engine.writing.palette import with_palette
from image_processor.engine.writing.pillow_writer import write

MAX_ENCODES = 8
_WHITE = "#ffffffff"


@dataclass(frozen=True, slots=True)
class Encoded:
    """An encoded file. `target_missed`: it is larger than `max_bytes` at the lowest quality."""

    data: bytes
    quality: int | None
    encodes: int
    mode: str
    target_missed: bool = False


def encode(
    pictures: list[Picture],
    format_name: str,
    output: Output,
    metadata: Metadata,
    loop: int,
    *,
    indexed: bool = False,
) -> Encoded:
    """Encode `pictures`; several make an animation. Flattens them in place if necessary.

    With `indexed`, a PNG of one picture with few colours gets a palette.

    Raises EncodeFailed or TooMuchMemory.
    """
    spec = OUTPUT_FORMATS[format_name]
    for picture in pictures:
        # One after the other, so that no frame is held twice.
        picture.image = fit_to_format(picture.image, format_name, output)
    mode = pictures[0].image.mode
    if indexed and format_name == "PNG" and len(pictures) == 1:
        pictures[0].image = with_palette(pictures[0].image)

    def encode_at(quality: int) -> bytes:
        return write(pictures, format_name, output, quality, metadata, loop)

    searching = spec.lossy and not output.lossless
    if output.quality == AUTO and searching:
        found = search_quality(pictures[0].image, encode_at)
        return Encoded(found.data, found.quality, found.encodes, mode)
    quality = output.quality if isinstance(output.quality, int) else HIGHEST
    data = encode_at(quality)
    fits = output.max_bytes is None or len(data) <= output.max_bytes
    if fits or not searching or output.max_bytes is None:
        return Encoded(data, quality if searching else None, 1, mode, target_missed=not fits)
    qualities = range(min(output.min_quality, quality), quality)
    return _search_size(data, qualities, output.max_bytes, mode, encode_at)


def _search_size(
    data: bytes,
    qualities: range,
    max_bytes: int,
    mode: str,
    encode_at: Callable[[int], bytes],
) -> Encoded:
    """The file of the highest quality that has at most `max_bytes`, else the smallest file tried.

    `data` is the file at the quality above `qualities`, which is too large.
    """
    low, high, encodes = qualities.start, qualities.stop - 1, 1
    smallest, best = (data, qualities.stop), None
    while low <= high and encodes < MAX_ENCODES:
        middle = (low + high) // 2
        data = encode_at(middle)
        encodes += 1
        if len(data) < len(smallest[0]):
            smallest = (data, middle)
        if len(data) <= max_bytes:
            best, low = (data, middle), middle + 1
        else:
            high = middle - 1
    data, quality = best or smallest
    return Encoded(data, quality, encodes, mode, target_missed=best is None)


def fit_to_format(image: Image.Image, format_name: str, output: Output) -> Image.Image:
    """`image` in a mode that the format can hold.

    Alpha is flattened onto the background if the format has none, or if a background is given.
    """
    has_alpha = image.mode in ("LA", "RGBA")
    background = output.background
    if has_alpha and (background is not None or not OUTPUT_FORMATS[format_name].alpha):
        colour = rgba(background or _WHITE)
        keeps = OUTPUT_FORMATS[format_name].alpha and colour[3] < 255
        if not OUTPUT_FORMATS[format_name].alpha:
            colour = _composite_on_white(colour)
        gray = image.mode == "LA" and colour[0] == colour[1] == colour[2]
        opaque = "L" if gray else "RGB"
        return flatten(image, colour, ("LA" if gray else "RGBA") if keeps else opaque)
    return image


def _composite_on_white(colour: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    alpha = colour[3]
    red, green, blue = (round((value * alpha + 255 * (255 - alpha)) / 255) for value in colour[:3])
    return red, green, blue, 255
