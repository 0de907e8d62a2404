"""`quality: "auto"`: the lowest quality at which the file still looks like the picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

from image_processor.engine.pixels.structural_similarity import luma_samples, similarity

# Mean structural similarity to the uncompressed picture (docs/decisions/0014).
THRESHOLD = 0.97
# Luma ignores colour and hardly sees slow gradients; below this quality both suffer.
LOWEST, HIGHEST = 40, 100


class QualitySearch(NamedTuple):
    """The chosen file, its quality, and the number of encodings (at most six)."""

    data: bytes
    quality: int
    encodes: int


def search_quality(picture: Image.Image, write: Callable[[int], bytes]) -> QualitySearch:
    """The lowest quality at which the file is as similar to `picture` as `THRESHOLD` demands.

    `write` returns the file for a quality. The binary search assumes that similarity grows with
    quality. If it does not for some codec, the file may be larger than necessary, but is never less
    similar. If no quality is enough, the result has the highest. Of an animation, `picture` is the
    first frame.
    """
    original = luma_samples(picture)
    low, high = LOWEST, HIGHEST
    best: tuple[bytes, int] | None = None
    encodes = 0
    while low <= high:
        middle = (low + high) // 2
        data = write(middle)
        encodes += 1
        if similarity(original, luma_samples(_decoded(data))) >= THRESHOLD:
            best, high = (data, middle), middle - 1
        else:
            low = middle + 1
            if middle == HIGHEST:
                best = data, middle
    assert best is not None, "the highest quality is tried when no lower one is enough"
    return QualitySearch(*best, encodes)


def _decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    if image.format == "JPEG":
        image.draft("L", image.size)  # luma is stored separately, so colours need not be decoded
    image.load()
    return image
