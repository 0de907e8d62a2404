"""Files with wrong headers, and files in unsupported formats."""

from __future__ import annotations

import struct
import zlib

from tests.builders import pictures


def png(width: int, height: int) -> bytes:
    """Make a complete black PNG of any size: a row compresses to nearly nothing."""
    packer = zlib.compressobj(1)
    row = bytes(1 + width * 3)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png_announcing(width, height, data)


def png_announcing(width: int, height: int, data: bytes = b"") -> bytes:
    """Make a PNG whose header has this size; `data` may be anything."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", data or zlib.compress(bytes(100))), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg_announcing(width: int, height: int) -> bytes:
    """Make a real JPEG whose header has another size."""
    data = bytearray(pictures.jpeg(16, 16))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def truncated(format_name: str, part: float = 0.4) -> bytes:
    """Make the first part of a file of 200 x 150 pixels."""
    data = pictures.encoded(pictures.noise(200, 150), format_name)
    return data[: int(len(data) * part)]


FOREIGN = {
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>',
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "psd": b"8BPS\0\1" + bytes(40),
    "ico": b"\0\0\1\0\1\0\x10\x10" + bytes(40),
    "html": b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>",
}
