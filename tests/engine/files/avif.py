"""AVIF files as other encoders write them, from one that libavif has written."""

from __future__ import annotations

import struct
from collections.abc import Callable

from PIL import Image

from tests.engine.builders import encoded


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """The types and bodies of the boxes that `data` consists of."""
    found, position = [], 0
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        found.append((data[position + 4 : position + 8], data[position + 8 : position + length]))
        position += length
    return found


def with_split_associations(image: Image.Image) -> bytes:
    """An AVIF of `image` with an `ipma` box for each property of each item."""

    def split(properties: bytes) -> bytes:
        return b"".join(
            b"".join(box(b"ipma", body[:4] + one) for one in _entries(body))
            if kind == b"ipma"
            else box(kind, body)
            for kind, body in boxes(properties)
        )

    return _rebuilt(image, split)


def with_pixels_in_idat(image: Image.Image) -> bytes:
    """An AVIF of `image` without media data: its pixels lie within the metadata."""
    return _rebuilt(image, lambda properties: properties, inside=True)


def with_many_items(kind: bytes, count: int) -> bytes:
    """An AVIF whose metadata has a further box that names `count` items."""
    number = struct.pack(">H", count)
    body = {
        b"iinf": bytes(4) + number,
        b"iloc": bytes(6) + number,
        b"iprp": box(b"ipma", bytes(6) + number),
        b"iref": bytes(4) + box(b"dimg", bytes(2) + number),
    }
    container = b"iprp" if kind == b"ipma" else kind
    (brand, meta, *pixels) = boxes(encoded(Image.new("RGB", (8, 8)), "AVIF"))
    meta = meta[0], meta[1] + box(container, body[container])
    return b"".join(box(*part) for part in (brand, meta, *pixels))


def _entries(body: bytes) -> list[bytes]:
    """Of an `ipma` box without flags: the entries, one for each association, last item first."""
    items, position = [], 8
    while position < len(body):
        item, count = body[position : position + 2], body[position + 2]
        indexes = body[position + 3 : position + 3 + count]
        items.append([struct.pack(">I", 1) + item + bytes([1, index]) for index in indexes])
        position += 3 + count
    return [entry for entries in reversed(items) for entry in entries]


def _rebuilt(
    image: Image.Image, change: Callable[[bytes], bytes], *, inside: bool = False
) -> bytes:
    (brand, meta, pixels) = boxes(encoded(image, "AVIF"))
    assert (meta[0], pixels[0]) == (b"meta", b"mdat")
    parts = [(kind, change(body) if kind == b"iprp" else body) for kind, body in boxes(meta[1][4:])]
    before = len(box(*brand)) + len(box(*meta)) + 8
    grown = sum(8 + len(body) for _, body in parts) + 4 - len(meta[1])
    target = 0 if inside else before + grown
    metadata = b"".join(
        box(kind, _moved(body, target - before, inside) if kind == b"iloc" else body)
        for kind, body in parts
    )
    if inside:
        return box(*brand) + box(b"meta", meta[1][:4] + metadata + box(b"idat", pixels[1]))
    return box(*brand) + box(b"meta", meta[1][:4] + metadata) + box(*pixels)


def _moved(locations: bytes, by: int, inside: bool) -> bytes:
    """An `iloc` box whose offsets are moved; of the version that knows pixels in `idat`."""
    version, sizes, count = struct.unpack_from(">I2sH", locations)
    assert (version, sizes) == (0, b"\x44\x00")
    moved = struct.pack(">I2sH", 1 << 24 if inside else 0, sizes, count)
    for number in range(count):
        item, reference, extents, offset, length = struct.unpack_from(
            ">HHHII", locations, 8 + 14 * number
        )
        moved += struct.pack(">H", item) + (b"\0\1" if inside else b"")
        moved += struct.pack(">HHII", reference, extents, offset + by, length)
    return moved
