"""JPEG: what a file shows that was cut off, and whether that is enough."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.jpeg.frame import JpegFrame
from image_processor.engine.reading.formats.structure import cut_off, damaged_part

END_OF_IMAGE = b"\xff\xd9"

# A file that lacks more rows rather shows that its upload broke off than what was photographed.
_MAX_MISSING = 0.5
# Above every limit on pixels: a picture that will be refused for its size is not decoded before.
_MAX_PIXELS = 2**30

# The decoder looks ahead, and stops before a block that may need bytes beyond the end.
_LOOKAHEAD = bytes(9)


def judge_cut(
    data: bytes, frame: JpegFrame, scans: Sequence[frozenset[int]], *, last_whole: bool
) -> dict[str, Any]:
    """The warning about a file of which `data` is what the codec can read, up to the cut.

    `scans` holds the components that each scan begins; `last_whole` says whether the cut is behind
    the last of them. Raises InvalidImage if too much is missing.
    """
    begun = frozenset[int]().union(*(scans if last_whole else scans[:-1]))
    if len(begun) >= frame.components:
        if frame.progressive:
            return cut_off(
                "The JPEG file is cut off: all of its rows are there, but fine detail is missing."
            )
        return _end_missing()
    if frame.progressive or len(scans) > 1 or len(scans[0]) < frame.components:
        raise InvalidImage("The JPEG file is truncated: it ends before all of it is shown once.")
    missing = 1.0 if frame.width * frame.height > _MAX_PIXELS else missing_rows(data)
    if missing == 0:
        return _end_missing()
    share = max(1, round(100 * missing))
    if missing > _MAX_MISSING:
        raise InvalidImage(
            f"The JPEG file is truncated: about {share}% of its rows are missing, "
            f"and at most {_MAX_MISSING:.0%} may be.",
            limit=_MAX_MISSING,
            actual=round(missing, 2),
        )
    return cut_off(f"The JPEG file is cut off: about {share}% of its rows are missing.")


def missing_rows(data: bytes) -> float:
    """The share 0..1 of the rows that `data`, a sequential JPEG of one scan, does not reach.

    Decodes at an eighth of the size, in gray unless the file is in CMYK, and reads the pixels
    twice. Raises whatever the decoder raises.
    """
    black, white = (_decode_upon(data, level) for level in (0, 255))
    # Where the decoder wrote nothing, the two still differ.
    whole = (black == white).reshape(black.shape[0], -1).all(axis=1)
    return 1.0 - float(whole.mean())


def _decode_upon(data: bytes, level: int) -> np.ndarray:
    """What the decoder writes upon a ground of one level."""
    image = Image.open(io.BytesIO(data + END_OF_IMAGE), formats=["JPEG"])
    image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))
    (tile,) = image.tile
    ground = Image.new(image.mode, image.size, level if image.mode == "L" else (level,) * 4)
    decoder = Image._getdecoder(image.mode, "jpeg", tile.args, image.decoderconfig)
    decoder.setimage(ground.im, tile.extents)
    decoder.decode(data + _LOOKAHEAD)
    return np.asarray(ground)


def _end_missing() -> dict[str, Any]:
    return damaged_part("The end of the JPEG file is missing.")
