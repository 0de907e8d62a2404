"""The directories of a TIFF: where the values of each tag stand (TIFF 6.0, section 2, BigTIFF)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import truncated, unpack

_TYPE_CODES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
TYPE_BYTES |= {16: 8, 17: 8, 18: 8}


class Form(NamedTuple):
    """Byte order, and the `struct` codes of the number of tags and of offsets in a directory."""

    order: str
    number: str
    pointer: str

    @property
    def big(self) -> bool:
        """Whether the file is a BigTIFF, with offsets of 64 bits."""
        return self.pointer == "Q"

    @property
    def entry(self) -> str:
        """The layout of an entry: tag, type, number of values; then the value or its offset."""
        return f"{self.order}HH{self.pointer}"

    @property
    def inline(self) -> int:
        """The bytes of a value that stands in the entry itself."""
        return struct.calcsize(self.pointer)

    @property
    def entry_bytes(self) -> int:
        return struct.calcsize(self.entry) + self.inline


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


def read_header(data: bytes) -> tuple[Form, int]:
    """The form of the file's directories, and the offset of the first. Raises InvalidImage."""
    order = "<" if data[:2] == b"II" else ">"
    (version,) = unpack(f"{order}H", data, 2, "the TIFF header")
    form = Form(order, "H", "I") if version == 42 else Form(order, "Q", "Q")
    place = first_pointer(form)
    (offset,) = unpack(order + form.pointer, data, place, "the TIFF header")
    if form.big and unpack(f"{order}HH", data, 4, "the TIFF header") != (8, 0):
        raise InvalidImage("The header of the BigTIFF file is damaged.")
    return form, offset


def first_pointer(form: Form) -> int:
    """Where the header holds the offset of the first directory."""
    return form.inline


def read_directory(data: bytes, offset: int, form: Form, *, wanted: bool) -> tuple[Tags, int]:
    """The integer tags of one directory, and the offset of the next directory (0: none).

    `wanted` is False for directories whose tags are not needed. Raises InvalidImage.
    """
    order, pointer = form.order, form.order + form.pointer
    (count,) = unpack(order + form.number, data, offset, "a TIFF directory")
    start = offset + struct.calcsize(form.number)
    end = start + count * form.entry_bytes
    (following,) = unpack(pointer, data, end, "a TIFF directory")
    tags: Tags = {}
    seen: set[int] = set()
    total = 0
    for entry in range(start, end if wanted else start, form.entry_bytes):
        tag, kind, number = unpack(form.entry, data, entry, "a TIFF directory")
        if tag in seen:
            raise InvalidImage(f"The TIFF file has the tag {tag} more than once.")
        seen.add(tag)
        place = entry + struct.calcsize(form.entry)
        size = number * TYPE_BYTES.get(kind, 1)
        if size > form.inline:
            (place,) = unpack(pointer, data, place, "a TIFF directory")
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
    return tags, following


def first_directory(data: bytes) -> tuple[Form, Tags]:
    """The form of the file, and the integer tags of its first directory. Raises InvalidImage."""
    form, offset = read_header(data)
    return form, read_directory(data, offset, form, wanted=True)[0]


def single_value(data: bytes, tags: Tags, name: int) -> int:
    """The single value of a tag; 0 if it is missing. Raises InvalidImage for more values."""
    tag = tags.get(name)
    if tag is None:
        return 0
    if tag.number != 1:
        raise InvalidImage(
            f"The TIFF tag {name} has {tag.number} values.", limit=1, actual=tag.number
        )
    return next(tag.values(data))


def with_tags(data: bytes, changes: dict[int, tuple[int, ...]]) -> bytes:
    """`data` whose first directory holds the SHORT or LONG values of `changes` in their tags.

    The new directory is appended. It has no following one, so the file has one page.
    """
    form, offset = read_header(data)
    (count,) = unpack(form.order + form.number, data, offset, "a TIFF directory")
    start, size = offset + struct.calcsize(form.number), form.entry_bytes
    entries = {
        unpack(f"{form.order}H", data, at, "a TIFF directory")[0]: data[at : at + size]
        for at in range(start, start + count * size, size)
    }
    pointer, place = struct.Struct(form.order + form.pointer), first_pointer(form)
    appended = bytearray(len(data) % 2)
    for tag, values in changes.items():
        kind = 3 if max(values) < 1 << 16 else 4
        packed = struct.pack(f"{form.order}{len(values)}{_TYPE_CODES[kind]}", *values)
        if len(packed) > form.inline:
            at = len(data) + len(appended)
            appended += packed + bytes(len(packed) % 2)
            packed = pointer.pack(at)
        entry = struct.pack(form.entry, tag, kind, len(values))
        entries[tag] = entry + packed.ljust(form.inline, b"\0")
    return b"".join(
        (
            data[:place],
            pointer.pack(len(data) + len(appended)),
            data[place + pointer.size :],
            appended,
            struct.pack(form.order + form.number, len(entries)),
            *(entries[tag] for tag in sorted(entries)),
            pointer.pack(0),
        )
    )
