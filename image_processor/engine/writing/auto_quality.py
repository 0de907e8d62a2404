"""`quality: "auto"`: the smallest file that still looks like the picture it was made of."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

from image_processor.engine.pixels.structural_similarity import luma_samples, similarity

# Mean structural similarity to the picture before it is compressed (docs/decisions/0014).
THRESHOLD = 0.97
# Luma says nothing of colour, and little of slow gradients: below this both suffer.
LOWEST, HIGHEST = 40, 100


class Found(NamedTuple):
    """The chosen file, its quality, and how many were written to find it: at most six."""

    data: bytes
    quality: int
    encodes: int


def smallest_alike(picture: Image.Image, write: Callable[[int], bytes]) -> Found:
    """The lowest quality at which `write` gives a file that is as similar as `THRESHOLD` asks.

    Halves the range of qualities, which takes for granted that more quality is more alike; where
    a codec does otherwise the file is a little larger than it had to be, never less alike. The
    highest quality where none is enough. Of an animation the first picture is compared.
    """
    wanted = luma_samples(picture)
    low, high = LOWEST, HIGHEST
    best: tuple[bytes, int] | None = None
    encodes = 0
    while low <= high:
        middle = (low + high) // 2
        data = write(middle)
        encodes += 1
        if similarity(wanted, luma_samples(_decoded(data))) >= THRESHOLD:
            best, high = (data, middle), middle - 1
        else:
            low = middle + 1
            if middle == HIGHEST:
                best = data, middle
    assert best is not None, "the highest quality is tried when no lower one is enough"
    return Found(*best, encodes)


def _decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    if image.format == "JPEG":
        image.draft("L", image.size)  # luma is stored as such: colours need not be decoded
    image.load()
    return image
