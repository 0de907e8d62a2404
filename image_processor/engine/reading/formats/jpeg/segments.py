"""JPEG: the segments of a file, found as libjpeg finds them (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import check_parts

# In entropy-coded data FF00 is a data byte and FFD0..FFD7 are restart markers; any other marker
# ends the data. The pattern ignores fill bytes FF before a marker: with `\xff+` a long run of them
# would be tried from each of its bytes.
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)

START_OF_SCAN, END_OF_IMAGE, _START_OF_IMAGE, _TEMPORARY = 0xDA, 0xD9, 0xD8, 0x01
_SKIPPED = (*range(0xE0, 0xF0), 0xFE)  # application data and comments

# Stands for the end of a file that has no end-of-image marker.
CUT = 0

# Pillow reads fill bytes between segments one by one.
_MAX_FILL = 1_000_000


class Segment(NamedTuple):
    """A segment: its marker, where the marker starts, and where its body starts and ends."""

    marker: int
    start: int
    body: int
    end: int


def read_segments(data: bytes) -> Iterator[Segment]:
    """The segments up to the end-of-image marker, or up to `CUT`.

    `CUT` starts at the end of the file, or at the segment that the file ends within. Raises
    InvalidImage for a segment without a length, and for very many segments or fill bytes.
    """
    position, count, fill = 2, 0, 0
    in_scan = False
    while match := _MARKER.search(data, position):
        count += 1
        check_parts(count, 0, "segments")
        fill += 0 if in_scan else match.start() - position
        if fill > _MAX_FILL:
            raise InvalidImage(
                f"The JPEG file has more than {_MAX_FILL} bytes between its segments.",
                limit=_MAX_FILL,
            )
        marker, position = data[match.end() - 1], match.end()
        if marker == END_OF_IMAGE:
            yield Segment(marker, match.start(), position, position)
            return
        if marker in (_START_OF_IMAGE, _TEMPORARY):
            continue
        length = int.from_bytes(data[position : position + 2], "big")
        end = position + max(length, 2)
        if end > len(data):
            yield Segment(CUT, match.start(), end, end)
            return
        if length < 2 and marker not in _SKIPPED:
            raise InvalidImage("The JPEG file has a segment without a length.")
        yield Segment(marker, match.start(), position + 2, end)
        # The decoder skips what the length leaves out, up to the next marker.
        in_scan, position = marker == START_OF_SCAN, end
    yield Segment(CUT, len(data), len(data), len(data))
