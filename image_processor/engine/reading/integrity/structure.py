"""What a walk through a file's own structure finds, and careful reading on the way."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from image_processor.engine.errors import InvalidImage

_MAX_PARTS = 10_000
_LEAST_MEAN_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Structure:
    """Sides in pixels as announced; for an animation the largest of all frames.

    Zero sides or frames: the format says so too deep inside to be worth a second parser, and
    the codec's header reading decides.
    """

    width: int = 0
    height: int = 0
    frames: int = 1
    transparent: bool = False
    progressive: bool = False


def truncated(what: str, offset: int, size: int) -> InvalidImage:
    """The error for a file that ends before `what`, which needs bytes up to `offset`."""
    return InvalidImage(
        f"The file is truncated: {what} needs {offset} bytes, and the file has {size}.",
        limit=offset,
        actual=size,
    )


def check_parts(count: int, size: int, what: str) -> None:
    """Refuse a file of `size` bytes made of very many tiny parts: each costs more than its bytes.

    Real files stay far below: even their largest have one part in some kilobytes.
    """
    limit = max(_MAX_PARTS, size // _LEAST_MEAN_BYTES)
    if count > limit:
        raise InvalidImage(f"The file has more than {limit} {what}.", limit=limit, actual=count)


def unpack(layout: str, data: bytes, offset: int, what: str) -> tuple[int, ...]:
    """Integers at `offset`. Raises InvalidImage where the file ends before them."""
    end = offset + struct.calcsize(layout)
    if end > len(data):
        raise truncated(what, end, len(data))
    return struct.unpack_from(layout, data, offset)
