"""TIFF: the chain of directories, and the strips or tiles of the first (TIFF 6.0)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.integrity.structure import Structure, truncated, unpack

_TYPE_CODES = {1: "B", 3: "H", 4: "I"}
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT = 256, 257, 322, 323
_DATA_TAGS = ((273, 279), (324, 325))  # offsets and lengths of strips, and of tiles
_WANTED = {_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT, 273, 279, 324, 325}
_MAX_PAGES = 1_000

# A decoder allocates a whole tile: one far larger than the picture is a bomb.
_MIN_TILE_BOUND = 4_000_000

Tags = dict[int, tuple[int, ...]]


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
    width, height = (first.get(tag, (0,))[0] for tag in (_WIDTH, _HEIGHT))
    if not width or not height:
        raise InvalidImage("The TIFF file holds no picture.")
    _check_data(data, first)
    tile = first.get(_TILE_WIDTH, (0,))[0] * first.get(_TILE_HEIGHT, (0,))[0]
    bound = max(_MIN_TILE_BOUND, 4 * width * height)
    if tile > bound:
        raise InvalidImage(
            f"The TIFF file has tiles of {tile} pixels for a picture of {width}x{height}.",
            limit=bound,
            actual=tile,
        )
    return Structure(width, height, len(seen))


def _directory(data: bytes, offset: int, order: str, *, wanted: bool) -> tuple[Tags, int]:
    """The tags that matter in one directory, and where the next directory is (0: none)."""
    (count,) = unpack(f"{order}H", data, offset, "a TIFF directory")
    tags: Tags = {}
    for index in range(count if wanted else 0):
        entry = offset + 2 + 12 * index
        tag, kind, number = unpack(f"{order}HHI", data, entry, "a TIFF directory")
        place, size = entry + 8, number * _TYPE_BYTES.get(kind, 1)
        if size > 4:
            (place,) = unpack(f"{order}I", data, place, "a TIFF directory")
        if place + size > len(data):
            raise truncated(f"the TIFF tag {tag}", place + size, len(data))
        code = _TYPE_CODES.get(kind)
        if tag in _WANTED and code is not None and number:
            tags[tag] = unpack(f"{order}{number}{code}", data, place, f"the TIFF tag {tag}")
    (following,) = unpack(f"{order}I", data, offset + 2 + 12 * count, "a TIFF directory")
    return tags, following


def _check_data(data: bytes, tags: Tags) -> None:
    for offsets, lengths in _DATA_TAGS:
        for offset, length in zip(tags.get(offsets, ()), tags.get(lengths, ()), strict=False):
            if offset + length > len(data):
                raise truncated("the TIFF picture", offset + length, len(data))
    if not any(tags.get(offsets) for offsets, _ in _DATA_TAGS):
        raise InvalidImage("The TIFF file holds no picture.")
