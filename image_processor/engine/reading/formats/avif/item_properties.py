"""AVIF: which properties belong to which items (ISO/IEC 23008-12, section 9.3)."""

from __future__ import annotations

from collections import defaultdict

from image_processor.engine.reading.formats.avif.boxes import Box, read_boxes
from image_processor.engine.reading.formats.structure import truncated, unpack


def merge_associations(data: bytes, properties: Box) -> bytes:
    """`data` with one `ipma` box for each version and flags within the `iprp` box `properties`.

    Some encoders write one for each item. The standard allows only one, and the codec refuses
    more. Nothing moves: a `free` box takes up the bytes that are saved.
    """
    kept, merged = bytearray(), defaultdict[bytes, list[Box]](list)
    for box in read_boxes(data, properties.body, properties.end, "an AVIF property"):
        if box.kind == b"ipma":
            merged[data[box.body : box.body + 4]].append(box)
        else:
            kept += data[box.start : box.end]
    if all(len(boxes) == 1 for boxes in merged.values()):
        return data
    for form, boxes in merged.items():
        kept += _join(data, form, boxes)
    header = data[properties.start : properties.body]
    size = len(header) + len(kept)
    if len(header) == 8:
        header = size.to_bytes(4, "big") + header[4:]
    else:
        header = header[:8] + size.to_bytes(8, "big")
    saved = properties.end - properties.start - size
    free = saved.to_bytes(4, "big") + b"free" + bytes(saved - 8)
    return b"".join((data[: properties.start], header, kept, free, data[properties.end :]))


def _join(data: bytes, form: bytes, boxes: list[Box]) -> bytes:
    """One box of a version and flags with the entries of all `boxes`, in the order of the items."""
    id_bytes = 2 if form[0] == 0 else 4
    index_bytes = 2 if form[3] & 1 else 1
    entries = defaultdict[int, bytes](bytes)
    for box in boxes:
        (count,) = unpack(">I", data, box.body + 4, "an AVIF property")
        position = box.body + 8
        for _ in range(count):
            start = position + id_bytes + 1
            position = start + data[start - 1] * index_bytes if start <= box.end else start
            if position > box.end:
                raise truncated("an AVIF property", position, box.end)
            item = int.from_bytes(data[start - id_bytes - 1 : start - 1], "big")
            entries[item] += data[start:position]
    body = form + len(entries).to_bytes(4, "big")
    for item, indexes in sorted(entries.items()):
        body += item.to_bytes(id_bytes, "big") + bytes([len(indexes) // index_bytes]) + indexes
    return (8 + len(body)).to_bytes(4, "big") + b"ipma" + body
