"""Writing a picture of few colours as a palette, with exactly the same pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from image_processor.engine.pixels.strips import strips

_MAX_COLOURS = 256
_BLACK_AND_WHITE = {0, 255}
# The alpha in a colour of RGB and in an opaque colour of RGBA.
_OPAQUE = ((), (255,))


def with_palette(image: Image.Image) -> Image.Image:
    """`image` (`L`, `LA`, `RGB` or `RGBA`) in mode `P`, or `1` if it is gray, with the same pixels.

    It stays as it is if it has more than 256 colours, grays other than black and white, or gray
    with alpha.
    """
    counted: Any = None if image.mode == "LA" else image.getcolors(_MAX_COLOURS)
    if counted is None:
        return image
    if image.mode == "L":
        bilevel = {level for _, level in counted} <= _BLACK_AND_WHITE
        return image.convert("1", dither=Image.Dither.NONE) if bilevel else image
    # The colours with alpha come first, because the file stores no alpha after the last of them.
    colours = sorted((colour for _, colour in counted), key=_opaque_last)
    indexed = Image.new("P", image.size)
    indexed.putpalette(bytes(value for colour in colours for value in colour[:3]))
    _fill(indexed, image, colours)
    if alphas := bytes(colour[3] for colour in colours if colour[3:] not in _OPAQUE):
        indexed.info["transparency"] = alphas
    return indexed


def _opaque_last(colour: tuple[int, ...]) -> tuple[bool, tuple[int, ...]]:
    return colour[3:] in _OPAQUE, colour


def _fill(indexed: Image.Image, image: Image.Image, colours: list[tuple[int, ...]]) -> None:
    """Set each pixel of `indexed` to the place of the colour of `image` in `colours`."""
    keys = np.array([_key(colour) for colour in colours], dtype=np.uint32)
    order = np.argsort(keys)
    sorted_keys, places = keys[order], order.astype(np.uint8)
    for top, bottom in strips(image.width, image.height):
        box = (0, top, image.width, bottom)
        found = np.searchsorted(sorted_keys, _keys(image.crop(box)))
        indexed.paste(Image.fromarray(places[found]), box)


def _key(colour: tuple[int, ...]) -> int:
    return int.from_bytes(bytes(colour).ljust(4, b"\xff"), "little")


def _keys(strip: Image.Image) -> NDArray[np.uint32]:
    """Each pixel of a strip as one number, of red, green, blue and alpha."""
    samples = np.ascontiguousarray(strip if strip.mode == "RGBA" else strip.convert("RGBA"))
    return samples.view("<u4")[..., 0]
