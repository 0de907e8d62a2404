"""The XMP packet of a PNG, also behind the pixels, where ExifTool writes it."""

from __future__ import annotations

import zlib

from image_processor.engine.reading.formats.png.chunks import read_chunks
from image_processor.engine.reading.metadata.xml_tree import MAX_BYTES

_KEYWORD = b"XML:com.adobe.xmp\0"


def find_png_xmp(data: bytes) -> bytes | None:
    """The packet of the first chunk that has one, or None. Decodes no pixels.

    Source: PNG Specification, Third Edition, 11.3.3.4 (iTXt). A compressed packet is inflated to at
    most one byte more than is read.
    """
    for chunk in read_chunks(data):
        if chunk.kind == b"iTXt" and (body := chunk.body(data)).startswith(_KEYWORD):
            return _text_of(body.removeprefix(_KEYWORD))
    return None


def _text_of(rest: bytes) -> bytes | None:
    """The text behind compression flag and method, language tag and translated keyword."""
    parts = rest[2:].split(b"\0", 2)
    if len(parts) != 3:
        return None
    text = parts[2]
    if not rest[0]:
        return text
    try:
        return zlib.decompressobj().decompress(text, MAX_BYTES + 1)
    except zlib.error:
        return text  # reading it fails, and causes a warning
