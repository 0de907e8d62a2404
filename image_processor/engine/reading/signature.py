"""Detecting the format of a file by its first bytes, never by its name."""

from __future__ import annotations

from image_processor.engine.optional_formats import EXTRAS

_AVIF_BRANDS = (b"avif", b"avis")

_FOREIGN: tuple[tuple[int, bytes, str], ...] = (
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


def known_format(data: bytes) -> str | None:
    """The format of `data` if the engine reads it, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF"
    if data[4:8] == b"ftyp" and _is_avif(data):
        return "AVIF"
    if extra := _extra_format(data):
        return extra
    return "BMP" if data[:2] == b"BM" else None


def _extra_format(data: bytes) -> str | None:
    """HEIC or JXL if `data` is one and its codec is installed, or None."""
    named = {"HEIC": "HEIC", "JPEG XL": "JXL"}.get(_foreign_by_magic(data) or "", "")
    return named if named in EXTRAS else None


def _is_avif(data: bytes) -> bool:
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size - 3, 4))]
    return any(brand in _AVIF_BRANDS for brand in brands)


def foreign_format(data: bytes) -> str | None:
    """The format of `data` if it is a known one that the engine does not read, or None."""
    if named := _foreign_by_magic(data):
        return named
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in head:
        return "SVG"
    if head.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    return None


def _foreign_by_magic(data: bytes) -> str | None:
    for offset, magic, name in _FOREIGN:
        if data[offset : offset + len(magic)] == magic:
            return name
    return None
