"""Detecting the format of a file by its first bytes, never by its name."""

from __future__ import annotations

_AVIF_BRANDS = (b"avif", b"avis")

_NAMED: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "EPS"),
    (0, b"\xc5\xd0\xd3\xc6", "EPS"),
    (0, b"8BPS", "PSD"),
    (0, b"\x00\x00\x01\x00", "ICO"),
    (0, b"\x00\x00\x02\x00", "CUR"),
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
