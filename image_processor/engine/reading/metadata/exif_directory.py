"""The directories of an EXIF block or a TIFF: read up to a number of bytes, and written.

Sources: TIFF 6.0, section 2, EXIF 2.32, section 4.6, and BigTIFF.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

# A longer value is cut. No result can hold it, so a result that needs it gets a warning.
MAX_VALUE_BYTES = 65_536
# What the 16-bit count of EXIF and TIFF can say. BigTIFF has 64 bits, enough for the whole file.
MAX_ENTRIES = 65_535
# All directories together; whatever follows is left out.
MAX_BLOCK_BYTES = 4 * MAX_VALUE_BYTES

_UNIT_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_UNIT_BYTES |= {16: 8}  # BigTIFF
_POINTER_CODES = {3: "H", 4: "I", 13: "I", 16: "Q"}
_LONG = 4


class Entry(NamedTuple):
    """A tag with its type, the number of its values, and their bytes."""

    tag: int
    kind: int
    number: int
    value: bytes


class DirectoryReader:
    """Reads directories of `block` until MAX_BLOCK_BYTES are read in total."""

    def __init__(self, block: memoryview, order: str) -> None:
        self._block, self._order = block, order
        self._left = MAX_BLOCK_BYTES
        self._big = block[2:4] == struct.pack(f"{order}H", 43)
        self._entry = struct.Struct(f"{order}HHQ" if self._big else f"{order}HHI")
        self._offset = struct.Struct(f"{order}Q" if self._big else f"{order}I")
        self.first = self._number(self._offset, self._offset.size)

    def pointer(self, tag: int) -> int:
        """The offset of the directory that a tag of the first directory points to, or 0."""
        for found, kind, count, place in self._places(self.first):
            if found == tag and count == 1 and kind in _POINTER_CODES:
                return self._number(struct.Struct(self._order + _POINTER_CODES[kind]), place)
        return 0

    def entries(self, offset: int, is_used: Callable[[int], bool]) -> Iterator[Entry]:
        """The used entries of a directory that lie in the block, the first of each tag."""
        seen: set[int] = set()
        for tag, kind, count, place in self._places(offset):
            unit = _UNIT_BYTES.get(kind, 0)
            if not is_used(tag) or tag in seen or not unit or not count:
                continue
            if place + count * unit > len(self._block):
                continue
            size = self._cut(place, count, unit)
            self._left -= self._entry.size + size
            if self._left < 0:
                return
            seen.add(tag)
            yield Entry(tag, kind, size // unit, bytes(self._block[place : place + size]))

    def _cut(self, place: int, count: int, unit: int) -> int:
        """The bytes that are read of a value: whole units, and whole characters of UTF-8."""
        if count * unit <= MAX_VALUE_BYTES:
            return count * unit
        size = MAX_VALUE_BYTES // unit * unit
        backwards = range(size, size - 4, -1) if unit == 1 else ()
        starts = (end for end in backwards if self._block[place + end] & 0xC0 != 0x80)
        return next(starts, size)

    def _places(self, offset: int) -> Iterator[tuple[int, int, int, int]]:
        """Tag, type, number of values and place of the values for each entry of a directory."""
        number = struct.Struct(f"{self._order}{'Q' if self._big else 'H'}")
        at = offset + number.size
        entries = min(self._number(number, offset), MAX_ENTRIES)
        end = at + entries * (self._entry.size + self._offset.size)
        last = len(self._block) - self._entry.size - self._offset.size
        while at < end and at <= last:
            tag, kind, count = self._entry.unpack_from(self._block, at)
            place = at + self._entry.size
            if count * _UNIT_BYTES.get(kind, 0) > self._offset.size:
                place = self._number(self._offset, place)
            yield tag, kind, count, place
            at += self._entry.size + self._offset.size

    def _number(self, code: struct.Struct, at: int) -> int:
        """The number at an offset; 0 beyond the end of the block."""
        if at + code.size > len(self._block):
            return 0
        return int(code.unpack_from(self._block, at)[0])


def write_block(order: str, first: list[Entry], nested: dict[int, list[Entry]]) -> bytes:
    """A block of a first directory and of those that its pointers, the keys of `nested`, lead to.

    It is empty if there are no entries.
    """
    if not first and not nested:
        return b""
    position = 8 + _size(first) + 12 * len(nested)
    pointers, directories = [], b""
    for tag, entries in nested.items():
        pointers.append(Entry(tag, _LONG, 1, struct.pack(f"{order}I", position)))
        directories += _directory(order, entries, position)
        position += _size(entries)
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(f"{order}HI", 42, 8)
    return b"Exif\0\0" + head + _directory(order, [*first, *pointers], 8) + directories


def _size(entries: list[Entry]) -> int:
    long = (len(entry.value) for entry in entries if len(entry.value) > 4)
    return 2 + 12 * len(entries) + 4 + sum(size + size % 2 for size in long)


def _directory(order: str, entries: list[Entry], position: int) -> bytes:
    table, values = struct.pack(f"{order}H", len(entries)), b""
    start = position + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        place = value.ljust(4, b"\0")
        if len(value) > 4:
            place = struct.pack(f"{order}I", start + len(values))
            values += value + bytes(len(value) % 2)
        table += struct.pack(f"{order}HHI", tag, kind, count) + place
    return table + bytes(4) + values
