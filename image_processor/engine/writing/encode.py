"""From pictures to the bytes of a file, by search where a quality or a size has to be found."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from image_processor.engine.operations.parameters import AUTO, rgba
from image_processor.engine.pixels.colour import flatten
from image_processor.engine.planning.output_options import Output
from image_processor.engine.reading.decode import Picture
from image_processor.engine.writing.auto_quality import HIGHEST, smallest_alike
from image_processor.engine.writing.formats import OUTPUT_FORMATS
from image_processor.engine.writing.writers import write

MAX_ENCODES = 8
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
        picture.image = fitted(picture.image, format_name, output)
    mode = pictures[0].image.mode
    searching = spec.lossy and not output.lossless
    if output.quality == AUTO and searching:
        found = smallest_alike(
            pictures[0].image,
            lambda tried: write(pictures, format_name, output, tried, exif, loop),
        )
        return Encoded(found.data, found.quality, found.encodes, mode)
    encodes = 1
    quality = output.quality if isinstance(output.quality, int) else HIGHEST
    data = write(pictures, format_name, output, quality, exif, loop)
    if output.max_bytes is None:
        return Encoded(data, quality if searching else None, encodes, mode)
    low, high = min(output.min_quality, quality), quality - 1
    best: tuple[bytes, int] | None = (data, quality) if len(data) <= output.max_bytes else None
    smallest = (data, quality)
    if searching and best is None:
        while low <= high and encodes < MAX_ENCODES:
            middle = (low + high) // 2
            data = write(pictures, format_name, output, middle, exif, loop)
            encodes += 1
            if len(data) < len(smallest[0]):
                smallest = (data, middle)
            if len(data) <= output.max_bytes:
                best, low = (data, middle), middle + 1
            else:
                high = middle - 1
    data, quality = best or smallest
    return Encoded(data, quality if searching else None, encodes, mode, best is None)


def fitted(image: Image.Image, format_name: str, output: Output) -> Image.Image:
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
