"""The part of a source's EXIF block that a result keeps."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Literal

from PIL import ExifTags, Image

from image_processor.engine.errors import DECODER_ERRORS

_BASE = ExifTags.Base

_ALWAYS_KEPT = (_BASE.Artist, _BASE.Copyright)

# Serial numbers identify a person's camera. Maker notes contain them as well.
_NEVER_KEPT = {
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
_KEPT_OF_FIRST = {
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
}

# The size of a JPEG segment, which has to hold the whole block.
_MAX_BLOCK = 65_533
_MAX_VALUE = 1_000


def kept_exif(image: Image.Image, policy: Literal["keep", "strip"] | None) -> tuple[bytes, bool]:
    """The EXIF block for the result (empty if nothing is kept), and whether it is complete.

    By default it keeps artist and copyright. With `keep` it keeps everything about the photograph
    except position and serial numbers, with `strip` nothing. It never keeps the orientation, which
    has been applied, or a thumbnail. A block over 65,533 bytes keeps short values and the first
    1,000 characters of each text, and is then incomplete.
    """
    if policy == "strip":
        return b"", True
    kept = Image.Exif()
    detail: dict[int, Any] = {}
    try:
        source = image.getexif()
        for tag in _KEPT_OF_FIRST if policy == "keep" else _ALWAYS_KEPT:
            value = source.get(tag)
            if value not in (None, "", b""):
                kept[tag] = value
        if policy == "keep":
            detail = {
                tag: value
                for tag, value in source.get_ifd(ExifTags.IFD.Exif).items()
                if tag not in _NEVER_KEPT
            }
            if detail:
                kept.get_ifd(ExifTags.IFD.Exif).update(detail)
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


def _block(exif: Image.Exif) -> bytes:
    return exif.tobytes() if len(exif) or exif.get_ifd(ExifTags.IFD.Exif) else b""


def _shorten(directory: MutableMapping[int, Any]) -> None:
    """Cut long texts in a directory and remove other long values."""
    for tag, value in list(directory.items()):
        if isinstance(value, str):
            directory[tag] = value[:_MAX_VALUE]
        elif isinstance(value, bytes | tuple) and len(value) > _MAX_VALUE:
            del directory[tag]
