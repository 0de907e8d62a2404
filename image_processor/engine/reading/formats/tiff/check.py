"""TIFF: checks the chain of directories, and the strips or tiles of the first (TIFF 6.0)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import (
    Structure,
    damaged_part,
    truncated,
    unsupported,
)
from image_processor.engine.reading.formats.tiff.directory import (
    Form,
    Tags,
    read_directory,
    read_header,
    single_value,
)
from image_processor.engine.reading.formats.tiff.layout import (
    HEIGHT,
    ROWS_PER_STRIP,
    STRIP_LENGTHS,
    STRIP_OFFSETS,
    UNCOMPRESSED,
    WIDTH,
    Layout,
    check_layout,
    read_layout,
)

_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_LENGTHS = 322, 323, 324, 325
_SINGLE = (WIDTH, HEIGHT, _TILE_WIDTH, _TILE_HEIGHT)
_DATA_TAGS = ((STRIP_OFFSETS, STRIP_LENGTHS), (_TILE_OFFSETS, _TILE_LENGTHS))
_MAX_PAGES = 1_000

# A decoder allocates whole tiles, so a tile far larger than the picture is refused.
_MIN_TILE_LIMIT = 4_000_000

# The specification requires tile sides in multiples of 16.
_MIN_TILE_SIDE = 16

# Planes that are stored separately have their own strips or tiles. No decoder reads more planes.
_MAX_PLANES = 8

# They are checked one by one, before the size of the picture is.
_MAX_STRIPS = 2_000_000


def check_tiff(data: bytes) -> Structure:
    form, offset = read_header(data)
    if form.big and form.order == ">":  # Pillow opens only the other order
        raise unsupported("Big-endian BigTIFF")
    if not offset:
        raise InvalidImage("The TIFF file contains no image.")
    tags, following = read_directory(data, offset, form, wanted=True)
    width, height, tile_width, tile_height = (single_value(data, tags, tag) for tag in _SINGLE)
    if not width or not height:
        raise InvalidImage("The TIFF file contains no image.")
    layout = read_layout(data, form, tags)
    check_layout(layout)
    across, down = (
        -(-side // max(tile, _MIN_TILE_SIDE))
        for side, tile in ((width, tile_width), (height, tile_height))
    )
    _check_data(data, tags, (height, across * down))
    _check_complete(data, tags, layout, height, across * down)
    tile = tile_width * tile_height
    bound = max(_MIN_TILE_LIMIT, 4 * width * height)
    if tile > bound:
        raise InvalidImage(
            f"The TIFF file has tiles of {tile} pixels for a picture of {width}x{height}.",
            limit=bound,
            actual=tile,
        )
    pages, broken = _count_pages(data, offset, following, form)
    detail = f"Page {pages + 1} of the TIFF file is damaged. Only the first page is read."
    return Structure(width, height, pages, warnings=(damaged_part(detail),) if broken else ())


def _count_pages(data: bytes, first: int, following: int, form: Form) -> tuple[int, bool]:
    """The number of pages up to the first one that is damaged, and whether there is such a one.

    Raises InvalidImage for a loop and for too many pages.
    """
    seen = {first}
    while following:
        if following in seen:
            raise InvalidImage("The TIFF file's directories form a loop.")
        if len(seen) == _MAX_PAGES:
            raise InvalidImage(f"The TIFF file has more than {_MAX_PAGES} pages.", limit=_MAX_PAGES)
        seen.add(following)
        try:
            _, following = read_directory(data, following, form, wanted=False)
        except InvalidImage:
            return len(seen) - 1, True
    return len(seen), False


def _check_data(data: bytes, tags: Tags, counts: tuple[int, int]) -> None:
    """Check that all strips or tiles are present.

    `counts`: how many strips and how many tiles one plane of the picture can have.
    """
    found = False
    for (offsets, lengths), count in zip(_DATA_TAGS, counts, strict=True):
        if offsets not in tags:
            continue
        found, limit = True, min(count * _MAX_PLANES, _MAX_STRIPS)
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
        raise InvalidImage("The TIFF file contains no image.")


def _check_complete(data: bytes, tags: Tags, layout: Layout, height: int, tiles: int) -> None:
    """Check that no strip or tile is left out, and that the lengths are given where needed.

    `tiles`: the number of tiles of one plane.
    """
    planes = layout.samples if layout.planar == 2 else 1
    if tiled := _TILE_OFFSETS in tags:
        offsets, lengths, needed = _TILE_OFFSETS, _TILE_LENGTHS, tiles * planes
    else:
        rows = single_value(data, tags, ROWS_PER_STRIP) or height
        offsets, lengths, needed = STRIP_OFFSETS, STRIP_LENGTHS, -(-height // rows) * planes
    number = tags[offsets].number
    if number < needed:
        raise InvalidImage(
            f"The TIFF file has {number} strips or tiles; its picture needs {needed}.",
            limit=needed,
            actual=number,
        )
    # The lengths of uncompressed strips follow from the size of the picture.
    if number > 1 and lengths not in tags and (tiled or layout.compression != UNCOMPRESSED):
        raise InvalidImage("The TIFF file gives no lengths of its strips or tiles.")
