"""The texts of EXIF: decoded from the bytes of the file, and written as UTF-8.

Pillow decodes the type ASCII as Latin-1 and encodes it as ASCII. Camera programs write UTF-8.
"""

from __future__ import annotations

from PIL import ExifTags

_BASE = ExifTags.Base

# The tags of Windows: UTF-16, little-endian in every file.
WINDOWS_TEXTS = {
    _BASE.XPTitle,
    _BASE.XPComment,
    _BASE.XPAuthor,
    _BASE.XPKeywords,
    _BASE.XPSubject,
}

# EXIF 2.32, section 4.6.5 D, UserComment: eight bytes name the character code.
_UNICODE = b"UNICODE\0"
_ASCII = b"ASCII\0\0\0"
_JIS = b"JIS\0\0\0\0\0"


class Utf8Text(str):
    """A text that Pillow writes as UTF-8, because Pillow calls `encode` to write a text."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return super().encode("utf-8", errors)


def decode_text(data: bytes) -> str:
    """UTF-8, or Latin-1 if `data` is not valid UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_text(value: object) -> str:
    """The text of a tag of type ASCII as Pillow returns it; "" for what is no text."""
    if isinstance(value, str):
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return str(value)
    return decode_text(value) if isinstance(value, bytes) else ""


def read_windows_text(value: object) -> str:
    """The text of one of `WINDOWS_TEXTS`."""
    return value.decode("utf-16-le", "replace") if isinstance(value, bytes) else ""


def read_comment(value: object, byte_order: str | None) -> str:
    """The text of UserComment in a block of `byte_order` ("<" or ">")."""
    if not isinstance(value, bytes):
        return ""
    code, data = value[:8], value[8:]
    if code == _UNICODE:
        return data.decode(_utf16(data, byte_order), "replace").removeprefix("\ufeff")
    if code == _ASCII:
        return decode_text(data)
    if code == _JIS:
        return data.decode("iso2022_jp", "replace")
    try:
        # Without a code the value may be anything, but hardly anything else is valid UTF-8.
        return data.decode("utf-8") if code == bytes(8) else ""
    except UnicodeDecodeError:
        return ""


def little_endian_comment(value: object, byte_order: str | None) -> object:
    """The value of UserComment for a little-endian block: only UTF-16 depends on the byte order."""
    if isinstance(value, bytes) and value.startswith(_UNICODE):
        return _UNICODE + read_comment(value, byte_order).encode("utf-16-le", "replace")
    return value


def _utf16(data: bytes, byte_order: str | None) -> str:
    """The byte order of a text. Many programs do not use that of the block.

    Most texts have ASCII characters, whose upper byte is 0.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        little = data.startswith(b"\xff\xfe")
    else:
        first, second = data[0::2].count(0), data[1::2].count(0)
        little = byte_order == "<" if first == second else second > first
    return "utf-16-le" if little else "utf-16-be"
