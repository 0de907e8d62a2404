"""The part of a source's EXIF block that a result keeps."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Literal

from PIL import ExifTags, Image

from image_processor.engine.errors import DECODER_ERRORS
from image_processor.engine.reading.metadata.exif_block import read_block
from image_processor.engine.reading.metadata.exif_texts import (
    Utf8Text,
    little_endian_comment,
    read_text,
)

_BASE = ExifTags.Base

_ALWAYS_KEPT = (_BASE.Artist, _BASE.Copyright, _BASE.XPAuthor)

# Serial numbers identify a person's camera. Maker notes contain them as well.
NEVER_KEPT = {
    _BASE.GPSInfo,
    _BASE.Orientation,
    _BASE.BodySerialNumber,
    _BASE.LensSerialNumber,
    _BASE.CameraSerialNumber,
    _BASE.MakerNote,
    _BASE.ImageUniqueID,
    _BASE.RawDataUniqueID,
    _BASE.ExifInteroperabilityOffset,
    _BASE.ExifImageWidth,
    _BASE.ExifImageHeight,
    _BASE.ColorSpace,
    _BASE.XMLPacket,
    _BASE.InterColorProfile,
}
# The tags of the first directory that describe the photograph. The others describe how a TIFF
# file stores its pixels, or hold a thumbnail of the unchanged picture.
KEPT_OF_FIRST = (
    _BASE.ImageDescription,
    _BASE.Make,
    _BASE.Model,
    _BASE.Software,
    _BASE.DateTime,
    _BASE.Artist,
    _BASE.Copyright,
    _BASE.HostComputer,
    _BASE.XPTitle,
    _BASE.XPComment,
    _BASE.XPAuthor,
    _BASE.XPKeywords,
    _BASE.XPSubject,
    _BASE.Rating,
)

_INCH = 2

# The size of a JPEG segment, which has to hold the whole block.
_MAX_BLOCK = 65_533
_MAX_VALUE = 1_000


def kept_exif(
    image: Image.Image,
    policy: Literal["keep", "strip"] | None,
    resolution: tuple[float, float] | None = None,
) -> tuple[bytes, bool]:
    """The EXIF block for the result (empty if nothing is kept), and whether it is complete.

    By default it keeps artist and copyright. With `keep` it keeps everything about the photograph
    except position and serial numbers, with `strip` nothing. It never keeps the orientation, which
    has been applied, or a thumbnail. `resolution` is that of the result in dots per inch. Texts are
    UTF-8, and the block is little-endian.

    A block over 65,533 bytes keeps short values and the first 1,000 characters of each text, and is
    then incomplete.
    """
    if policy == "strip":
        return b"", True
    kept = Image.Exif()
    kept.endian = "<"  # as the TIFF files that Pillow writes
    try:
        detail = _copy(read_block(image), kept, policy)
    except DECODER_ERRORS:
        detail = {}
    if resolution:
        kept[_BASE.XResolution], kept[_BASE.YResolution] = resolution
        kept[_BASE.ResolutionUnit] = _INCH
    try:
        block = _block(kept)
        if len(block) <= _MAX_BLOCK:
            return block, True
        _shorten(kept)
        if detail:  # get_ifd would add an empty directory
            _shorten(kept.get_ifd(ExifTags.IFD.Exif))
        block = _block(kept)
        return block if len(block) <= _MAX_BLOCK else b"", False
    except DECODER_ERRORS:
        return b"", True


def _copy(
    source: Image.Exif, kept: Image.Exif, policy: Literal["keep", "strip"] | None
) -> dict[int, Any]:
    """Copy tags from `source` to `kept`. Return those of the nested directory."""
    for tag in KEPT_OF_FIRST if policy == "keep" else _ALWAYS_KEPT:
        value = source.get(tag)
        if value not in (None, "", b""):
            kept[tag] = _writable(value)
    if policy != "keep":
        return {}
    detail = {
        int(tag): _writable(value)
        for tag, value in source.get_ifd(ExifTags.IFD.Exif).items()
        if tag not in NEVER_KEPT
    }
    if _BASE.UserComment in detail:
        comment = little_endian_comment(detail[_BASE.UserComment], source.endian)
        detail[_BASE.UserComment] = comment
    if detail:
        kept.get_ifd(ExifTags.IFD.Exif).update(detail)
    return detail


def _writable(value: object) -> object:
    return Utf8Text(read_text(value)) if isinstance(value, str) else value


def _block(exif: Image.Exif) -> bytes:
    return exif.tobytes() if len(exif) or exif.get_ifd(ExifTags.IFD.Exif) else b""


def _shorten(directory: MutableMapping[int, Any]) -> None:
    """Cut long texts in a directory and remove other long values."""
    for tag, value in list(directory.items()):
        if isinstance(value, str):
            directory[tag] = Utf8Text(value[:_MAX_VALUE])
        elif isinstance(value, bytes | tuple) and len(value) > _MAX_VALUE:
            del directory[tag]
