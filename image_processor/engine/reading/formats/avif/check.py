"""AVIF and HEIC: checks the top-level boxes up to the end of the file (ISO/IEC 14496-12)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.avif.boxes import Box, find_box, read_boxes
from image_processor.engine.reading.formats.avif.exif_items import find_excess, hide_excess
from image_processor.engine.reading.formats.avif.item_properties import merge_associations
from image_processor.engine.reading.formats.avif.items import check_items
from image_processor.engine.reading.formats.structure import Structure

# Version and flags come before the boxes in `meta`.
_META_HEADER = 4


def check_avif(data: bytes) -> Structure:
    boxes = _top_level(data, "an AVIF box")
    if not boxes.keys() & {b"meta", b"moov"} or not _holds_pixels(data, boxes):
        raise InvalidImage("The AVIF file contains no image.")
    warnings: tuple[dict[str, str], ...] = ()
    if meta := boxes.get(b"meta"):
        check_items(data, meta.body + _META_HEADER, meta.end)
        warnings = find_excess(data, meta.body + _META_HEADER, meta.end)
    return Structure(frames=0, warnings=warnings)


def repair_avif(data: bytes) -> bytes:
    """`data` as the codec demands it: one box of a kind for all properties, no very long EXIF."""
    data = hide_long_exif(data)
    meta = _top_level(data, "an AVIF box").get(b"meta")
    properties = meta and find_box(data, meta, b"iprp", "an AVIF box", skip=_META_HEADER)
    return merge_associations(data, properties) if properties else data


def hide_long_exif(data: bytes) -> bytes:
    """`data` without EXIF that is too long to be read; also the repair of HEIC."""
    meta = _top_level(data, "a box").get(b"meta")
    return hide_excess(data, meta.body + _META_HEADER, meta.end) if meta else data


def check_heic(data: bytes) -> Structure:
    """Only the primary picture of a series is read, so it counts as one frame."""
    boxes = _top_level(data, "a HEIC box")
    if b"meta" not in boxes or not _holds_pixels(data, boxes):
        raise InvalidImage("The HEIC file contains no image.")
    meta = boxes[b"meta"]
    return Structure(frames=1, warnings=find_excess(data, meta.body + _META_HEADER, meta.end))


def _top_level(data: bytes, what: str) -> dict[bytes, Box]:
    """The boxes of the file by their types, the first of each."""
    boxes: dict[bytes, Box] = {}
    for box in read_boxes(data, 0, len(data), what):
        boxes.setdefault(box.kind, box)
    return boxes


def _holds_pixels(data: bytes, boxes: dict[bytes, Box]) -> bool:
    """Whether there is media data, or a small picture lies within `meta` itself."""
    if b"mdat" in boxes:
        return True
    meta = boxes.get(b"meta")
    return bool(meta and find_box(data, meta, b"idat", "a box of metadata", skip=_META_HEADER))
