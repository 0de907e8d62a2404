"""Detecting the format of a file by its first bytes, never by its name."""

from __future__ import annotations

import struct

_AVIF_BRANDS = (b"avif", b"avis")

_NAMED: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "EPS"),
    (0, b"\xc5\xd0\xd3\xc6", "EPS"),
    (0, b"8BPS", "PSD"),
    (0, b"\x00\x00\x01\x00", "ICO"),
    (0, b"SIMPLE  =", "FITS"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"PK\x03\x04", "ZIP"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypmsf1", "HEIC"),
    (4, b"ftyp", "video"),
    (0, b"DDS ", "DDS"),
    (0, b"qoif", "QOI"),
    (0, b"icns", "ICNS"),
)


def is_jpeg(data: bytes) -> bool:
    return data.startswith(b"\xff\xd8\xff")


def is_png(data: bytes) -> bool:
    return data.startswith(b"\x89PNG\r\n\x1a\n")


def is_gif(data: bytes) -> bool:
    return data.startswith((b"GIF87a", b"GIF89a"))


def is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def is_tiff(data: bytes) -> bool:
    """Whether the file is a TIFF, or a BigTIFF with offsets of 64 bits."""
    return data.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"))


def is_bmp(data: bytes) -> bool:
    return data.startswith(b"BM")


def is_avif(data: bytes) -> bool:
    """Whether an AVIF brand is the major one or among the first compatible ones."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))]
    return data[4:8] == b"ftyp" and any(brand in _AVIF_BRANDS for brand in brands)


def is_heic(data: bytes) -> bool:
    """Whether the major brand is one of HEIC's; an AVIF may have the same one."""
    return _named_by_magic(data) == "HEIC" and not is_avif(data)


def is_jxl(data: bytes) -> bool:
    return _named_by_magic(data) == "JPEG XL"


def foreign_format(data: bytes) -> str | None:
    """The common name of a format that the engine does not read, or None for an unknown one."""
    if named := _named_by_magic(data):
        return named
    if is_cursor(data):
        return "CUR"
    if is_targa(data):
        return "TGA"
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in head:
        return "SVG"
    if head.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    return None


def _named_by_magic(data: bytes) -> str | None:
    for offset, magic, name in _NAMED:
        if data[offset : offset + len(magic)] == magic:
            return name
    return None


def is_cursor(data: bytes) -> bool:
    """Whether every picture that the directory of a cursor names begins behind the directory.

    The first four bytes alone are also those of most TGA files.
    """
    if len(data) < 6 or data[:4] != b"\0\0\2\0":
        return False
    count = int.from_bytes(data[4:6], "little")
    end = 6 + 16 * count
    if not count or end > len(data):
        return False
    entries = struct.iter_unpack("<3xB4xII", data[6:end])
    return all(not reserved and size and start >= end for reserved, size, start in entries)


_TARGA_KINDS = (1, 2, 3, 9, 10, 11)
_TARGA_DEPTHS = (8, 15, 16, 24, 32)


def is_targa(data: bytes) -> bool:
    """Whether the end or the header is that of a TGA file, which has no magic number.

    Source: Truevision TGA File Format Specification 2.0, January 1991.
    """
    if data[-18:] == b"TRUEVISION-XFILE.\0":
        return True
    if len(data) < 18:
        return False
    header = struct.unpack_from("<BBBHHBHHHHBB", data)
    _, with_colours, kind, _, colours, colour_depth, _, _, width, height, depth, flags = header
    indexed = kind in (1, 9)
    if kind not in _TARGA_KINDS or depth not in _TARGA_DEPTHS or not (width and height):
        return False
    if with_colours != indexed or (indexed and not (colours and colour_depth in _TARGA_DEPTHS)):
        return False
    # Without colours their fields are zero. Two flags are reserved, the lowest four are bits of
    # alpha. The pixels of a file that is not compressed are all there.
    if not indexed and data[3:8] != bytes(5):
        return False
    pixels = width * height * -(-depth // 8) if kind < 9 else 1
    return not flags & 0xC0 and flags & 0x0F <= 8 and len(data) >= 18 + data[0] + pixels
