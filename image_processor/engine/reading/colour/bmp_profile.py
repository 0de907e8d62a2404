"""BMP: the ICC profile behind the pixels (BITMAPV5HEADER), which Pillow does not read."""

from __future__ import annotations

_FILE_HEADER = 14
_V5_HEADER = 124
# PROFILE_EMBEDDED, as it stands in the file.
_EMBEDDED = b"DEBM"


def find_profile(data: bytes) -> bytes | None:
    """The ICC profile of a BMP, or None. Calibrated primaries and gammas do not count, as in
    browsers."""

    def number(offset: int) -> int:
        return int.from_bytes(data[offset : offset + 4], "little")

    if number(_FILE_HEADER) < _V5_HEADER or data[70:74] != _EMBEDDED:
        return None
    start = _FILE_HEADER + number(126)
    return data[start : start + number(130)] or None
