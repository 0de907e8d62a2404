"""Damaged, truncated and misleading files."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from PIL import Image

from image_processor.engine.optional_formats import PILLOW_NAMES
from tests.builders import optional_formats
from tests.engine.builders import animation, encoded, gradient
from tests.engine.files.tiffs import DEFLATE, Layout

FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "TIFF", "AVIF", "BMP")

FOREIGN = {
    "SVG": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>',
    "PDF": b"%PDF-1.7\n1 0 obj\n",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "PSD": b"8BPS\0\1" + bytes(40),
    "ICO": b"\0\0\1\0\1\0\x10\x10" + bytes(40),
    "CUR": b"\0\0\2\0\1\0\x10\x10\0\0\0\0\0\0\x28\0\0\0\x16\0\0\0" + bytes(40),
    "TGA": encoded(gradient(16, 16), "TGA"),
    "FITS": b"SIMPLE  =                    T" + b" " * 50,
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40),
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40),
    "HTML": b"<!DOCTYPE html><html><body>hello</body></html>",
}


def valid(format_name: str) -> bytes:
    """A small valid file of a format, with text, EXIF and more than one strip where it can."""
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    image = gradient(48, 36)
    name = PILLOW_NAMES.get(format_name, format_name)
    if format_name == "MPO":
        return encoded(
            image, name, exif=exif.tobytes(), save_all=True, append_images=[image, image]
        )
    if format_name in ("GIF", "BMP", "TIFF"):
        return encoded(image, name)
    return encoded(image, name, exif=exif.tobytes())


def variants(format_name: str) -> list[bytes]:
    """Different kinds of valid files of one format."""
    image = gradient(48, 36)
    files = [valid(format_name)]
    if format_name == "JPEG":
        files.append(encoded(image, "JPEG", progressive=True))
        files.append(encoded(gradient(48, 36, "CMYK"), "JPEG"))
    elif format_name == "TIFF":
        files += [encoded(image, "TIFF", compression=name) for name in ("tiff_lzw", "jpeg")]
        files.append(encoded(gradient(48, 36, "I;16"), "TIFF"))
        levels = np.asarray(image)
        files.append(Layout(2, compression=DEFLATE, tiled=True, big=True).build(levels))
        files.append(Layout(2, 16, planar=2, order=">").build(levels))
        files.append(Layout(0, 32, order=">").build(levels[..., :1]))
        files.append(Layout(3, tags={320: tuple(range(256)) * 3}).build(levels[..., :1]))
    elif format_name in ("GIF", "WEBP"):
        files.append(animation(format_name))
    elif format_name in optional_formats.NAMES:
        files.append(encoded(gradient(48, 36, "RGBA"), PILLOW_NAMES.get(format_name, format_name)))
    elif format_name == "PNG":
        files.append(animation("PNG"))
        files.append(encoded(gradient(48, 36, "P"), "PNG"))
        files.append(encoded(gradient(48, 36, "I;16"), "PNG"))
    return files


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *extra: bytes, colour_type: int = 2) -> bytes:
    """A PNG that announces any size, with a few bytes of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    pixels = png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    end = png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + b"".join(extra) + pixels + end


def jpeg(width: int, height: int) -> bytes:
    """A real JPEG whose header announces another size."""
    data = bytearray(encoded(gradient(16, 16), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def gif(width: int, height: int, frames: int = 1) -> bytes:
    """A GIF that announces any size, with empty pixels in as many frames."""
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    return screen + frame * frames + b"\x3b"


def webp(width: int, height: int, frames: int) -> bytes:
    """An animated WebP container that announces any size, with as many tiny frames."""
    picture = encoded(Image.new("RGB", (16, 16)), "WEBP")[12:]
    frame = bytes(6) + struct.pack("<I", 15)[:3] * 2 + struct.pack("<I", 100)[:3] + b"\0" + picture
    chunks = b"VP8X" + struct.pack("<IB3x", 10, 2)
    chunks += struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    chunks += b"ANIM" + struct.pack("<I", 6) + bytes(6)
    chunks += (b"ANMF" + struct.pack("<I", len(frame)) + frame) * frames
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def tiff(tags: dict[int, tuple[int, int, int]], following: int = 0) -> bytes:
    """A little-endian TIFF with one directory of (type, count, value) entries."""
    body = b"".join(struct.pack("<HHII", tag, *entry) for tag, entry in sorted(tags.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + body + struct.pack("<I", following)
