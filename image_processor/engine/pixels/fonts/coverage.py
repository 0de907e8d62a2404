"""The characters of a TrueType font, read from its `cmap` table (OpenType 1.9, format 12)."""

from __future__ import annotations

import struct

_FULL_UNICODE = 12


def covered_characters(font: bytes) -> frozenset[int]:
    """The code points for which `font` has a glyph other than the box for missing glyphs.

    Raises ValueError for a font without a table of format 12.
    """
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">L", font, cmap + 4 + 8 * index + 4)
        (kind,) = struct.unpack_from(">H", font, cmap + offset)
        if kind == _FULL_UNICODE:
            return frozenset(_mapped(font, cmap + offset))
    raise ValueError("the font has no cmap table of format 12")


def _mapped(font: bytes, table: int) -> set[int]:
    (groups,) = struct.unpack_from(">L", font, table + 12)
    found: set[int] = set()
    for start, end, glyph in struct.iter_unpack(">LLL", font[table + 16 :][: 12 * groups]):
        found.update(range(start if glyph else start + 1, end + 1))
    return found


def _table(font: bytes, tag: bytes) -> int:
    """The offset of the table named `tag`."""
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"the font has no table {tag!r}")
