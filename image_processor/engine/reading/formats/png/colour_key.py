"""The colour key of a PNG: the one colour whose pixels are clear (W3C PNG, section 11.3.1.1).

The key is given in the samples of the file. Pillow keeps it as it is, but scales samples of two
and four bits to eight, and drops the low bytes of 16-bit colours.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops

from image_processor.engine.reading.formats.png.header import GRAY, TRUECOLOUR, read_png_header


@dataclass(frozen=True, slots=True)
class _DeepKey:
    """The key of a 16-bit RGB picture, and the same file, opened to give the low bytes."""

    samples: tuple[int, ...]
    low_bytes: Image.Image


def prepare_colour_key(image: Image.Image, data: bytes) -> None:
    """Give an opened PNG, whose file is `data`, a key that fits the samples it decodes to."""
    key = image.info.get("transparency")
    header = read_png_header(data)
    # Of a key with more bits than the samples, the low bits count.
    top = 2**header.depth - 1
    if header.colour_type == GRAY and header.depth > 1 and isinstance(key, int):
        key &= top
        image.info["transparency"] = key * (255 // top) if header.depth < 8 else key
    elif header.colour_type == TRUECOLOUR and isinstance(key, tuple):
        samples = tuple(sample & top for sample in key)
        deep = header.depth == 16
        image.info["transparency"] = _DeepKey(samples, _open_low(data)) if deep else samples


def read_deep_alpha(image: Image.Image) -> Image.Image | None:
    """The alpha of a decoded picture with a 16-bit key, or None: 0 for the key, and else 255."""
    key = image.info.get("transparency")
    if isinstance(key, _DeepKey):
        key.low_bytes.load()
        low = _alpha(key.low_bytes, [sample & 255 for sample in key.samples])
        high = _alpha(image, [sample >> 8 for sample in key.samples])
        return ImageChops.lighter(low, high)
    if image.mode.startswith("I;16") and isinstance(key, int):
        alpha = (np.asarray(image) != key).view(np.uint8)
        alpha *= 255
        return Image.fromarray(alpha)
    return None


def _alpha(image: Image.Image, key: Sequence[int]) -> Image.Image:
    """0 where all bands have the samples of `key`, and 255 elsewhere."""
    alpha = Image.new("L", image.size)
    for band, sample in zip(image.getbands(), key, strict=True):
        table = [255] * 256
        table[sample] = 0
        alpha = ImageChops.lighter(alpha, image.getchannel(band).point(table))
    return alpha


def _open_low(data: bytes) -> Image.Image:
    """The low bytes of 16-bit RGB samples: those that come first if the order is taken as little.

    No pixel is decoded yet.
    """
    image = Image.open(io.BytesIO(data), formats=["PNG"])
    image.tile = [tile._replace(args="RGB;16L") for tile in image.tile]
    return image
