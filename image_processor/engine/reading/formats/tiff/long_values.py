"""TIFF: cuts values that are too long, before Pillow makes an object of each number in them."""

from __future__ import annotations

import struct

from image_processor.engine.reading.formats.structure import unpack
from image_processor.engine.reading.formats.tiff.directory import (
    TYPE_BYTES,
    read_header,
)
from image_processor.engine.reading.formats.tiff.layout import STRIP_LENGTHS, STRIP_OFFSETS

_MAX_BYTES = 65_536
_TILE_OFFSETS, _TILE_LENGTHS = 324, 325
# One number for each strip or tile; `check_tiff` limits them.
_PLACES = (STRIP_OFFSETS, STRIP_LENGTHS, _TILE_OFFSETS, _TILE_LENGTHS)
# A value that is cut here is longer than its reader accepts, which says so.
_XMP, _IPTC, _PROFILE = 700, 33_723, 34_675
_LONGER = {_XMP: 1_000_001, _IPTC: 300_004}
# Pillow keeps them as they are.
_BYTES = (1, 2, 7)


def cut_long_values(data: bytes) -> bytes:
    """`data`, a TIFF that `check_tiff` accepts, with smaller numbers of values where too many."""
    form, offset = read_header(data)
    (entries,) = unpack(form.order + form.number, data, offset, "a TIFF directory")
    changed: bytearray | None = None
    for index in range(entries):
        at = offset + struct.calcsize(form.number) + index * form.entry_bytes
        tag, kind, number = unpack(form.entry, data, at, "a TIFF directory")
        if tag in _PLACES or (tag == _PROFILE and kind in _BYTES):
            continue
        longer = tag == _IPTC or kind in _BYTES  # many programs give IPTC the type LONG
        limit = _LONGER.get(tag, _MAX_BYTES) if longer else _MAX_BYTES
        most = limit // TYPE_BYTES.get(kind, 1)
        if number > most:
            changed = changed or bytearray(data)
            struct.pack_into(form.order + form.pointer, changed, at + 4, most)
    return bytes(changed) if changed else data
