"""Names of files: which extension fits a format, and how a name is shown and sent."""

from __future__ import annotations

import re
from pathlib import Path

_JPEG = (".jpg", ".jpeg", ".jpe", ".jfif")
# Extensions by format, the usual one first. Any other format has its name as the extension.
EXTENSIONS = {
    "JPEG": _JPEG,
    "TIFF": (".tiff", ".tif"),
    "HEIF": (".heic", ".heif"),
    "JXL": (".jxl",),
    "MPO": (".mpo", *_JPEG),  # a JPEG file with further pictures
}
SUFFIXES = {".png", ".webp", ".gif", ".avif", ".bmp"}.union(*EXTENSIONS.values())
_SURROGATE = re.compile("[\ud800-\udfff]")


def find_extensions(format_name: str) -> tuple[str, ...]:
    """Return the extensions of a format, the usual one first. `JPG` is another name of `JPEG`."""
    own = f".{format_name.lower()}"
    if format_name.upper() in EXTENSIONS:
        return EXTENSIONS[format_name.upper()]
    return next((known for known in EXTENSIONS.values() if own in known), (own,))


def fits(name: str, format_name: str) -> bool:
    """Whether a file of this format may have this name. An unknown extension fits any format."""
    suffix = Path(name).suffix.lower()
    return suffix not in SUFFIXES or suffix in find_extensions(format_name)


def to_text(name: str) -> str:
    """Return a name without surrogates, in which Python keeps the bytes that are not UTF-8.

    Such a byte becomes `%` and its two hexadecimal digits.
    """
    return _SURROGATE.sub(_percent, name)


def _percent(surrogate: re.Match[str]) -> str:
    code = ord(surrogate[0])
    return f"%{code - 0xDC00:02X}" if 0xDC80 <= code <= 0xDCFF else "\ufffd"
