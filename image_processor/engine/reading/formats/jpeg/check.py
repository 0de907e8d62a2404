"""JPEG: checks every segment up to the end of the image (ITU-T T.81, annex B)."""

from __future__ import annotations

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.jpeg.cut_off import END_OF_IMAGE, judge_cut
from image_processor.engine.reading.formats.jpeg.frame import JpegFrame, first_pass, read_frame
from image_processor.engine.reading.formats.jpeg.metadata_budget import MetadataBudget
from image_processor.engine.reading.formats.jpeg.segments import (
    CUT,
    START_OF_SCAN,
    Segment,
    read_segments,
)
from image_processor.engine.reading.formats.structure import Structure, damaged_part

# Each scan of a progressive file takes a pass over the whole picture. Real files have about 10.
_MAX_SCANS = 100

# The least bytes that the codec parses in application segments of these markers and names.
_PARSED = {0xE0: (b"JFIF", 7), 0xEE: (b"Adobe", 7)}


def check_jpeg(data: bytes) -> Structure:
    frame: JpegFrame | None = None
    scans: list[frozenset[int]] = []
    ignored: dict[str, None] = {}
    budget = MetadataBudget()
    end = last = Segment(CUT, 0, 0, 0)
    for segment in read_segments(data):
        last, end = end, segment
        if frame is None:
            frame = read_frame(data, segment)
        if not scans and _is_short(data, segment):
            name = f"APP{segment.marker & 15}"
            ignored[f"The JPEG segment {name} is damaged and was ignored."] = None
        if excess := budget.find_excess(data, segment):
            ignored[f"The JPEG file {excess}"] = None
        if segment.marker == START_OF_SCAN:
            scans.append(first_pass(data, segment))
            if len(scans) > _MAX_SCANS:
                raise InvalidImage(
                    f"The JPEG file has more than {_MAX_SCANS} scans.", limit=_MAX_SCANS
                )
    warnings = [damaged_part(detail) for detail in ignored]
    if frame is None or not scans:
        raise InvalidImage(
            "The JPEG file is truncated: it ends before its pixels."
            if end.marker == CUT
            else "The JPEG file contains no image."
        )
    if end.marker == CUT:
        last_whole = last.marker != START_OF_SCAN or end.start < len(data)
        readable = repair_jpeg(data).removesuffix(END_OF_IMAGE)
        warnings.append(judge_cut(readable, frame, scans, last_whole=last_whole))
    return Structure(
        frame.width, frame.height, progressive=frame.progressive, warnings=tuple(warnings)
    )


def repair_jpeg(data: bytes) -> bytes:
    """`data` with an end, and without application segments that are damaged or too many."""
    budget = MetadataBudget()
    parts: list[bytes] = []
    position = 0
    for segment in read_segments(data):
        if segment.marker == CUT:
            return b"".join([*parts, data[position : segment.start], END_OF_IMAGE])
        if segment.marker == START_OF_SCAN and data.find(END_OF_IMAGE, segment.end) >= 0:
            break  # the file has its end: its pixels need not be searched for it
        if _is_short(data, segment) or budget.find_excess(data, segment):
            parts.append(data[position : segment.start])
            position = segment.end
    return b"".join([*parts, data[position:]]) if parts else data


def _is_short(data: bytes, segment: Segment) -> bool:
    name, least = _PARSED.get(segment.marker, (b"", 0))
    return segment.end - segment.body < least and data.startswith(name, segment.body)
