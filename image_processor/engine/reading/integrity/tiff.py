"""TIFF: checks the chain of directories, and the strips or tiles of the first (TIFF 6.0)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.integrity.structure import Structure, truncated, unpack

_TYPE_CODES = {1: "B", 3: "H", 4: "I"}
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 322, 323
_SINGLE = (_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT)
_DATA_TAGS = ((273, 279), (324, 325))  # offsets and lengths of strips, and of tiles
_MAX_PAGES = 1_000

# A decoder allocates whole tiles, so a tile far larger than the picture is refused.
_MIN_TILE_LIMIT = 4_000_000

# The specification requires tile sides in multiples of 16.
_MIN_TILE_SIDE = 16

# Planes that are stored separately have their own strips or tiles. No decoder reads more planes.
_MAX_PLANES = 8


class Tag(NamedTuple):
    """The offset of a tag's values, their number, and their `struct` code."""

    offset: int
    number: int
    code: str

    def values(self, data: bytes) -> Iterator[int]:
        """The values one by one, because there may be as many as the file has bytes."""
        size = self.number * struct.calcsize(self.code)
        view = memoryview(data)[self.offset : self.offset + size]
        return (value for (value,) in struct.iter_unpack(self.code, view))


Tags = dict[int, Tag]


def check_tiff(data: bytes) -> Structure:
    order = "<" if data[:2] == b"II" else ">"
    (offset,) = unpack(f"{order}I", data, 4, "the TIFF header")
    seen: set[int] = set()
    first: Tags = {}
    while offset:
        if offset in seen:
            raise InvalidImage("The TIFF file's directories form a loop.")
        if len(seen) == _MAX_PAGES:
            raise InvalidImage(f"The TIFF file has more than {_MAX_PAGES} pages.", limit=_MAX_PAGES)
        tags, following = _directory(data, offset, order, wanted=not seen)
        first = first or tags
        seen.add(offset)
        offset = following
    width, height, tile_width, tile_height = (_single(data, first, tag) for tag in _SINGLE)
    if not width or not height:
        raise InvalidImage("The TIFF file holds no picture.")
    across, down = (
        -(-side // max(tile, _MIN_TILE_SIDE))
        for side, tile in ((width, tile_width), (height, tile_height))
    )
    _check_data(data, first, (height, across * down))
    tile = tile_width * tile_height
    bound = max(_MIN_TILE_LIMIT, 4 * width * height)
    if tile > bound:
        raise InvalidImage(
            f"The TIFF file has tiles of {tile} pixels for a picture of {width}x{height}.",
            limit=bound,
            actual=tile,
        )
    return Structure(width, height, len(seen))


def _directory(data: bytes, offset: int, order: str, *, wanted: bool) -> tuple[Tags, int]:
    """The integer tags of one directory, and the offset of the next directory (0: none).

    `wanted` is False for directories whose tags are not needed.
    """
    (count,) = unpack(f"{order}H", data, offset, "a TIFF directory")
    tags: Tags = {}
    seen: set[int] = set()
    total = 0
    for index in range(count if wanted else 0):
        entry = offset + 2 + 12 * index
        tag, kind, number = unpack(f"{order}HHI", data, entry, "a TIFF directory")
        if tag in seen:
            raise InvalidImage(f"The TIFF file has the tag {tag} more than once.")
        seen.add(tag)
        place, size = entry + 8, number * _TYPE_BYTES.get(kind, 1)
        if size > 4:
            (place,) = unpack(f"{order}I", data, place, "a TIFF directory")
        if place + size > len(data):
            raise truncated(f"the TIFF tag {tag}", place + size, len(data))
        # Pillow reads every tag into memory, even if tags share the same bytes of the file.
        total += size
        if total > len(data):
            raise InvalidImage(
                f"The tags of the TIFF file take {total} bytes; it has {len(data)}.",
                limit=len(data),
                actual=total,
            )
        if kind in _TYPE_CODES and number:
            tags[tag] = Tag(place, number, order + _TYPE_CODES[kind])
    (following,) = unpack(f"{order}I", data, offset + 2 + 12 * count, "a TIFF directory")
    return tags, following


def _single(data: bytes, tags: Tags, name: int) -> int:
    """The single value of a tag; 0 if the tag is missing."""
    tag = tags.get(name)
    if tag is None:
        return 0
    if tag.number != 1:
        raise InvalidImage(
            f"The TIFF tag {name} has {tag.number} values.", limit=1, actual=tag.number
        )
    return next(tag.values(data))


def _check_data(data: bytes, tags: Tags, counts: tuple[int, int]) -> None:
    """Check that all strips or tiles are present.

    `counts`: how many strips and how many tiles one plane of the picture can have.
    """
    found = False
    for (offsets, lengths), count in zip(_DATA_TAGS, counts, strict=True):
        if offsets not in tags:
            continue
        found, limit = True, count * _MAX_PLANES
        if tags[offsets].number > limit:
            raise InvalidImage(
                f"The TIFF file has {tags[offsets].number} strips or tiles; its picture can have "
                f"at most {limit}.",
                limit=limit,
                actual=tags[offsets].number,
            )
        ends = tags[lengths].values(data) if lengths in tags else iter(())
        for offset, length in zip(tags[offsets].values(data), ends, strict=False):
            if offset + length > len(data):
                raise truncated("the TIFF picture", offset + length, len(data))
    if not found:
        raise InvalidImage("The TIFF file holds no picture.")
