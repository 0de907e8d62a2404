"""Small pictures whose EXIF, XMP, IPTC, texts or profile is as large as the file may be.

Read as it stands, one array becomes millions of objects, and directories that share the array
become as many times more.
"""

from __future__ import annotations

import struct
import zlib

from PIL import Image

from tests.engine.builders import encoded, gradient
from tests.engine.hostile import png, png_chunk

BYTE, TEXT, SHORT, LONG, RATIONAL, FLOAT = 1, 2, 3, 4, 5, 11
UNIT_BYTES = {BYTE: 1, TEXT: 1, SHORT: 2, LONG: 4, RATIONAL: 8, FLOAT: 4}

EXIF_POINTER, GPS_POINTER, ORIENTATION, X_RESOLUTION = 34665, 34853, 274, 282
ISO, LATITUDE, DATE = 34855, 2, 36867

SEGMENT = 65_533


def exif_bomb(size: int, kind: int = RATIONAL) -> bytes:
    """A block of about `size` bytes: three directories whose tags all point to one long array."""
    array = 200
    count = (size - array) // UNIT_BYTES[kind]
    detail, position = 80, 120
    resolution = (X_RESOLUTION, kind, count, array)
    pointers = ((EXIF_POINTER, LONG, 1, detail), (GPS_POINTER, LONG, 1, position))
    head = b"II*\0" + struct.pack("<I", 8)
    block = head + _directory(resolution, *pointers)
    block = block.ljust(detail, b"\0") + _directory((ISO, kind, count, array))
    block = block.ljust(position, b"\0") + _directory((LATITUDE, kind, count, array))
    return block.ljust(array, b"\0") + b"\1\0" * ((size - array) // 2)


def jpeg_bomb(size: int, kind: int = RATIONAL) -> bytes:
    """A JPEG whose EXIF block goes on through many segments."""
    return _jpeg_with(0xE1, b"Exif\0\0", exif_bomb(size, kind))


def jpeg_of_resources(size: int) -> bytes:
    """A JPEG with as many tiny resources of Photoshop as fit into `size` bytes."""
    resource = b"8BIM\x04\x04\0\0\0\0\0\0"
    per_segment = (SEGMENT - 14) // len(resource) * len(resource)
    body = resource * (size // len(resource))
    return _jpeg_with(0xED, b"Photoshop 3.0\0", body, per_segment)


def png_bomb(size: int, kind: int = RATIONAL) -> bytes:
    return png(8, 8, png_chunk(b"eXIf", exif_bomb(size, kind)))


def png_of_texts(size: int) -> bytes:
    """A PNG whose texts each take four bytes of memory for a letter, because of one character."""
    text = ("a" * (size // 32) + "\U0001f600").encode()
    return png(8, 8, *(png_chunk(b"iTXt", b"k%d\0\0\0\0\0" % n + text) for n in range(32)))


def png_of_compressed_texts(count: int) -> bytes:
    """A PNG of a few kilobytes with `count` texts of a megabyte."""
    text = zlib.compress(b"a" * 1_000_000 + "\U0001f600".encode())
    return png(8, 8, *(png_chunk(b"iTXt", b"k%d\0\1\0\0\0" % n + text) for n in range(count)))


def png_of_hexadecimal(size: int) -> bytes:
    """A PNG whose EXIF is a text of line ends only."""
    return png(8, 8, png_chunk(b"tEXt", b"Raw profile type exif\0" + b"\n" * size))


def webp_bomb(size: int, kind: int = RATIONAL) -> bytes:
    return _webp_with(b"EXIF", exif_bomb(size, kind), flags=8)


def webp_of_xmp(size: int) -> bytes:
    return _webp_with(b"XMP ", b"<a>" + b"<b/>" * (size // 4) + b"</a>", flags=4)


def webp_of_profile(size: int) -> bytes:
    """A WebP with a profile whose name has `size` bytes."""
    return _webp_with(b"ICCP", profile_bomb(size), flags=32)


def avif_bomb(size: int, kind: int = SHORT) -> bytes:
    return encoded(Image.new("RGB", (16, 16)), "AVIF", exif=exif_bomb(size, kind))


def tiff_bomb(size: int, kind: int = RATIONAL, *tags: int) -> bytes:
    """A TIFF whose directory, EXIF and position all point to one long array.

    `tags` of the first directory share the array; without any it is the resolution.
    """
    shared = tags or (X_RESOLUTION,)
    array = 1_000
    count = (size - array) // UNIT_BYTES[kind] // len(shared)
    detail, position, strip = 600, 700, 900
    entries = {
        256: (SHORT, 1, 4),
        257: (SHORT, 1, 4),
        258: (SHORT, 1, 8),
        259: (SHORT, 1, 1),
        262: (SHORT, 1, 1),
        273: (LONG, 1, strip),
        277: (SHORT, 1, 1),
        278: (SHORT, 1, 4),
        279: (LONG, 1, 16),
        EXIF_POINTER: (LONG, 1, detail),
        GPS_POINTER: (LONG, 1, position),
        **dict.fromkeys(shared, (kind, count, array)),
    }
    head = b"II*\0" + struct.pack("<I", 8)
    file = head + _directory(*((tag, *entry) for tag, entry in sorted(entries.items())))
    file = file.ljust(detail, b"\0") + _directory((ISO, kind, count, array))
    file = file.ljust(position, b"\0") + _directory((LATITUDE, kind, count, array))
    return file.ljust(array, b"\0") + b"\1\0" * ((size - array) // 2)


def profile_bomb(size: int) -> bytes:
    """An ICC profile whose description has `size` bytes."""
    text = b"desc" + bytes(4) + struct.pack(">I", size) + b"x" * size + bytes(90)
    table = struct.pack(">I4sII", 1, b"desc", 144, len(text))
    header = struct.pack(">I", 144 + len(text)) + b"lcms" + b"\2\x10\0\0mntrRGB XYZ "
    header = header.ljust(36, b"\0") + b"acsp"
    return header.ljust(128, b"\0") + table + text


def _directory(*entries: tuple[int, int, int, int]) -> bytes:
    """A little-endian directory of tag, type, count and value or offset."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + body + bytes(4)


def _jpeg_with(marker: int, name: bytes, body: bytes, step: int = SEGMENT - 6) -> bytes:
    """A JPEG with `body` in segments that begin with `name`, and without a density of its own."""
    picture = encoded(gradient(), "JPEG")
    density = picture.index(b"\xff\xe0")
    rest = picture[density + 2 + int.from_bytes(picture[density + 2 : density + 4]) :]
    parts = [picture[:density]]
    for at in range(0, len(body), step):
        piece = name + body[at : at + step]
        parts.append(struct.pack(">BBH", 0xFF, marker, len(piece) + 2) + piece)
    return b"".join([*parts, rest])


def _webp_with(kind: bytes, body: bytes, flags: int) -> bytes:
    picture = encoded(Image.new("RGB", (16, 16)), "WEBP")[12:]
    body += bytes(len(body) % 2)
    chunk = kind + struct.pack("<I", len(body)) + body
    header = b"VP8X" + struct.pack("<IB3x", 10, flags) + struct.pack("<I", 15)[:3] * 2
    chunks = header + (chunk + picture if kind == b"ICCP" else picture + chunk)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks
