"""JPEG: how much metadata the codec gets. It joins EXIF, and parses resources of Photoshop."""

from __future__ import annotations

from image_processor.engine.reading.formats.jpeg.segments import Segment

# Name of the metadata -> marker and first bytes of its segments, and the bytes that are read. EXIF
# has one segment of 64 KB in nearly all files.
_BUDGETS = {
    "EXIF": (0xE1, b"Exif\0\0", 262_144),
    "Photoshop resources": (0xED, b"Photoshop 3.0\0", 1_000_000),
}


class MetadataBudget:
    """Counts the metadata of one file, segment by segment."""

    def __init__(self) -> None:
        self._used = dict.fromkeys(_BUDGETS, 0)

    def find_excess(self, data: bytes, segment: Segment) -> str | None:
        """What is wrong with a segment beyond its budget, or None."""
        for name, (marker, start, limit) in _BUDGETS.items():
            if segment.marker == marker and data.startswith(start, segment.body):
                self._used[name] += segment.end - segment.body
                if self._used[name] > limit:
                    return f"has more than {limit} bytes of {name}. The rest was ignored."
        return None
