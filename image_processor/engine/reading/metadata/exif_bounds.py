"""The EXIF block of an opened file, rebuilt: the tags that are used, and no long value.

A file may be one array of numbers to which every tag of every directory points. Pillow would turn
each number into an object, a RATIONAL of eight bytes into one of 200. What is left here is small.
"""

from __future__ import annotations

from contextlib import suppress

from PIL import ExifTags, Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.TiffImagePlugin import TiffImageFile

from image_processor.engine.reading.metadata.exif_block import STORED
from image_processor.engine.reading.metadata.exif_directory import DirectoryReader, write_block
from image_processor.engine.reading.metadata.exif_facts import FACT_TAGS, POSITION_TAGS
from image_processor.engine.reading.metadata.exif_kept import KEPT_OF_FIRST, NEVER_KEPT
from image_processor.engine.reading.metadata.exif_orientation import ORIENTATION, PREFIXES
from image_processor.engine.reading.metadata.resolution import RESOLUTION_TAGS

_EXIF, _GPS = int(ExifTags.IFD.Exif), int(ExifTags.IFD.GPSInfo)
_FIRST_TAGS = FACT_TAGS | RESOLUTION_TAGS | {ORIENTATION, *map(int, KEPT_OF_FIRST)}

# A longer text is no block. Each byte takes two digits.
_MAX_TEXT = 1_000_000


def bound_blocks(image: Image.Image, data: bytes) -> None:
    """Keep of the EXIF of an opened file, whose bytes are `data`, only what is read later."""
    block = data if isinstance(image, TiffImageFile) else image.info.get("exif") or b""
    stored = bounded = bound_exif(block)
    if isinstance(image, AvifImageFile):
        # Pillow writes the block anew if the container turns the picture, and loses all letters
        # beyond ASCII. The decoder has the original block.
        stored = bound_exif(image._decoder.get_info()[4] or b"")
    image.info["exif"] = bounded
    image.info[STORED] = stored or bound_exif(_from_text(image.info.get("Raw profile type exif")))


def _from_text(text: object) -> bytes:
    """The block that ImageMagick writes into a text of a PNG: three lines, then hexadecimal."""
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        return b""
    with suppress(ValueError):
        return bytes.fromhex("".join(text.split("\n", 3)[3:]).replace("\n", ""))
    return b""


def bound_exif(data: bytes) -> bytes:
    """The block of `data`, which is a block or a whole TIFF; empty if nothing in it is used.

    Pillow reads the same values from it, up to MAX_VALUE_BYTES of each.
    """
    start = prefixes.end() if (prefixes := PREFIXES.match(data)) else 0
    order = {b"II": "<", b"MM": ">"}.get(data[start : start + 2])
    if order is None:
        return b""
    reader = DirectoryReader(memoryview(data)[start:], order)
    first = list(reader.entries(reader.first, _FIRST_TAGS.__contains__))
    nested = {
        pointer: list(reader.entries(offset, used))
        for pointer, used in ((_GPS, POSITION_TAGS.__contains__), (_EXIF, _is_used_of_exif))
        if (offset := reader.pointer(pointer))
    }
    return write_block(order, first, {tag: entries for tag, entries in nested.items() if entries})


def _is_used_of_exif(tag: int) -> bool:
    return tag in FACT_TAGS or tag not in NEVER_KEPT
