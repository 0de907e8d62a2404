"""JPEG: checks every segment up to the end-of-image marker (ITU-T T.81, annex B)."""

from __future__ import annotations

import re

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.integrity.structure import (
    Structure,
    check_parts,
    truncated,
    unpack,
)

# In entropy-coded data FF00 is a data byte and FFD0..FFD7 are restart markers; any other marker
# ends the data. The pattern ignores fill bytes FF before a marker: with `\xff+` a long run of them
# would be tried from each of its bytes.
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)

_START_OF_FRAME = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
_START_OF_SCAN, _END_OF_IMAGE, _START_OF_IMAGE, _TEMPORARY = 0xDA, 0xD9, 0xD8, 0x01

# Each scan of a progressive file takes a pass over the whole picture. Real files have about 10.
_MAX_SCANS = 100

# Pillow reads fill bytes between segments one by one.
_MAX_FILL = 1_000_000


def check_jpeg(data: bytes) -> Structure:
    position, segments, scans, fill = 2, 0, 0, 0
    in_scan = False
    frame: tuple[int, int, bool] | None = None
    while True:
        match = _MARKER.search(data, position)
        if match is None:
            raise InvalidImage("The JPEG file is truncated: it has no end-of-image marker.")
        segments += 1
        check_parts(segments, 0, "segments")
        fill += 0 if in_scan else match.start() - position
        if fill > _MAX_FILL:
            raise InvalidImage(
                f"The JPEG file has more than {_MAX_FILL} bytes between its segments.",
                limit=_MAX_FILL,
            )
        marker, position = data[match.end() - 1], match.end()
        if marker == _END_OF_IMAGE:
            break
        if marker in (_START_OF_IMAGE, _TEMPORARY):
            continue
        (length,) = unpack(">H", data, position, "a JPEG segment")
        if length < 2:
            raise InvalidImage("The JPEG file has a segment without a length.")
        if position + length > len(data):
            raise truncated("a JPEG segment", position + length, len(data))
        if marker in _START_OF_FRAME and frame is None:
            height, width = unpack(">HH", data, position + 3, "the JPEG frame header")
            frame = (width, height, marker in _PROGRESSIVE)
        in_scan = marker == _START_OF_SCAN
        if in_scan:
            scans += 1
            if scans > _MAX_SCANS:
                raise InvalidImage(
                    f"The JPEG file has more than {_MAX_SCANS} scans.", limit=_MAX_SCANS
                )
        position += length
    if frame is None or scans == 0:
        raise InvalidImage("The JPEG file holds no picture.")
    return Structure(frame[0], frame[1], progressive=frame[2])
