"""PNG: whether an ancillary chunk holds what its type promises, as libpng checks it."""

from __future__ import annotations

import zlib

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.png.header import GRAY, TRUECOLOUR, PngHeader

_LENGTHS = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"pHYs": 9}
_KEY_LENGTHS = {GRAY: 2, TRUECOLOUR: 6}
_MAX_COLOURS = 256
# The first of these counts, as in browsers. The codec would take the last.
_SINGLE = (b"tRNS", b"iCCP")

_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_READ_TEXTS = (b"XML:com.adobe.xmp\0", b"Raw profile type exif\0")

# Pillow's limits for one text or profile, and for all of them.
_MAX_INFLATED = 2**20
_MAX_ALL_INFLATED = 64 * 2**20


def is_unread_text(kind: bytes, body: bytes) -> bool:
    """Whether a chunk is a text that nothing reads, while the codec would keep it in memory."""
    return kind in _TEXTS and not body.startswith(_READ_TEXTS)


class AncillaryCheck:
    """Checks the ancillary chunks of one file, and counts the bytes that they inflate to."""

    def __init__(self, header: PngHeader) -> None:
        self._header = header
        self._inflated = 0
        self._seen: set[bytes] = set()

    def find_fault(self, kind: bytes, body: bytes) -> str | None:
        """What is wrong with a chunk, such as "damaged", or None.

        Raises InvalidImage if the compressed texts of the file are very large in total.
        """
        if kind in self._seen:
            return "repeated"
        fault = self._find_fault(kind, body)
        if kind in _SINGLE and not fault:
            self._seen.add(kind)
        return fault

    def _find_fault(self, kind: bytes, body: bytes) -> str | None:
        if kind in _LENGTHS:
            return None if len(body) == _LENGTHS[kind] else "damaged"
        if kind == b"tRNS":
            expected = _KEY_LENGTHS.get(self._header.colour_type, len(body))
            return None if len(body) == expected <= _MAX_COLOURS else "damaged"
        if kind in (b"iCCP", b"zTXt"):
            _, separator, packed = body.partition(b"\0")
            if not separator or packed[:1] != b"\0":
                return "damaged"
            return self._inflate(packed[1:])
        if kind == b"iTXt":
            flags = body.partition(b"\0")[2]
            texts = flags[2:].split(b"\0", 2)
            compressed = flags[:2] == b"\1\0" and len(texts) == 3
            if compressed:
                return self._inflate(texts[2])
        if kind in _TEXTS and body.startswith(_READ_TEXTS) and len(body) > _MAX_INFLATED:
            return "too large"
        return None

    def _inflate(self, packed: bytes) -> str | None:
        stream = zlib.decompressobj()
        try:
            text = stream.decompress(packed, _MAX_INFLATED)
        except zlib.error:
            return "damaged"
        self._inflated += len(text)
        if self._inflated > _MAX_ALL_INFLATED:
            raise InvalidImage(
                f"The texts of the PNG file have more than {_MAX_ALL_INFLATED} bytes.",
                limit=_MAX_ALL_INFLATED,
            )
        if stream.unconsumed_tail:
            return "too large"
        return None if stream.eof else "damaged"
