"""IPTC-IIM: the credit lines that news agencies and Photoshop write.

Source: IPTC Information Interchange Model 4.2, sections 1.5 to 1.6 and 6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from image_processor.engine.reading.metadata.exif_texts import decode_text

BY_LINE, CREDIT, SOURCE, COPYRIGHT = 80, 110, 115, 116

_PHOTOSHOP_RESOURCE = 0x0404
_TIFF_TAG = 33_723

_MARKER = 0x1C
_ENVELOPE, _APPLICATION = 1, 2
# Numbers of the document and its master, and a small copy of the unchanged picture.
_NEVER_KEPT = {187, 188, 189, 200, 201, 202}

MAX_BYTES = 65_000  # with its wrapping, in one JPEG segment
# With a small copy of the picture. Each data set, of which one takes five bytes, becomes an object.
_MAX_READ = 300_000


def read_iptc(image: Image.Image) -> bytes:
    """The data sets of a JPEG or TIFF; empty if there are none.

    Raises ValueError for more than 300,000 bytes.
    """
    if isinstance(image, TiffImageFile):
        value = image.tag_v2.get(_TIFF_TAG)
        if isinstance(value, int):
            value = (value,)
        if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
            # Many programs give the bytes the type LONG.
            order = "<" if image.tag_v2.prefix == b"II" else ">"
            value = b"".join(struct.pack(f"{order}L", part & 0xFFFFFFFF) for part in value)
    else:
        resources = image.info.get("photoshop")
        value = resources.get(_PHOTOSHOP_RESOURCE) if isinstance(resources, dict) else None
    data = value if isinstance(value, bytes) else b""
    if len(data) > _MAX_READ:
        raise ValueError(f"the IPTC data has {len(data)} bytes; at most {_MAX_READ} are read")
    return data


def kept_iptc(data: bytes) -> tuple[bytes, bool]:
    """The data sets for the result, and whether they are complete.

    Leaves out what does not describe the photograph. More than 65,000 bytes are left out whole.
    """
    parts = [
        struct.pack(">BBBH", _MARKER, record, number, len(value)) + value
        for record, number, value in _data_sets(data)
        if record == _ENVELOPE or (record == _APPLICATION and number not in _NEVER_KEPT)
    ]
    kept = b"".join(parts)
    return (kept, True) if len(kept) <= MAX_BYTES else (b"", False)


def credit_lines(data: bytes) -> dict[int, list[str]]:
    """The texts of BY_LINE, CREDIT, SOURCE and COPYRIGHT that are not blank."""
    found: dict[int, list[str]] = {}
    for record, number, value in _data_sets(data):
        if record == _APPLICATION and number in (BY_LINE, CREDIT, SOURCE, COPYRIGHT):
            text = decode_text(value).strip("\0 \t\r\n")
            if text:
                found.setdefault(number, []).append(text)
    return found


def _data_sets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Record, number and value of each data set, up to the first that is damaged or extended."""
    at = 0
    while at + 5 <= len(data) and data[at] == _MARKER:
        record, number, length = struct.unpack_from(">BBH", data, at + 1)
        at += 5
        if length > 0x7FFF or at + length > len(data):
            return
        yield record, number, data[at : at + length]
        at += length
