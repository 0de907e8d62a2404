"""EXIF: into plain facts, and the part of it that a result keeps."""

from __future__ import annotations

import math
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any, Literal

from PIL import ExifTags, Image

from image_processor.engine.errors import DECODER_ERRORS, printable

_BASE = ExifTags.Base
_GPS = ExifTags.GPS

_TEXT_FACTS = {
    "make": _BASE.Make,
    "model": _BASE.Model,
    "lens": _BASE.LensModel,
    "software": _BASE.Software,
    "artist": _BASE.Artist,
    "copyright": _BASE.Copyright,
    "description": _BASE.ImageDescription,
}
_NUMBER_FACTS = {
    "exposure_time": _BASE.ExposureTime,
    "f_number": _BASE.FNumber,
    "iso": _BASE.ISOSpeedRatings,
    "focal_length": _BASE.FocalLength,
    "focal_length_35mm": _BASE.FocalLengthIn35mmFilm,
}

_ALWAYS_KEPT = (_BASE.Artist, _BASE.Copyright)

# Serial numbers identify a person's camera, and makers put them into their notes as well.
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
# The tags of the first directory that describe a photograph; the others describe how a TIFF
# file stores its pixels, or a thumbnail of the picture before it was changed.
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

# What a JPEG segment holds; a larger block goes into no JPEG at all.
_MAX_BLOCK = 65_533
_MAX_VALUE = 1_000


def read_orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1..8; 1 where it is absent, unreadable or out of range."""
    try:
        value = image.getexif().get(_BASE.Orientation, 1)
    except DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def read_exif(image: Image.Image) -> dict[str, Any]:
    """Capture facts as strings and finite numbers; broken EXIF gives what could be read."""
    try:
        exif = image.getexif()
        first, detail = dict(exif), dict(exif.get_ifd(ExifTags.IFD.Exif))
    except DECODER_ERRORS:
        return {}
    tags = {**first, **detail}
    facts: dict[str, Any] = {}
    for name, tag in _TEXT_FACTS.items():
        text = _text(tags.get(tag))
        if text:
            facts[name] = text
    for name, tag in _NUMBER_FACTS.items():
        number = _number(tags.get(tag))
        if number is not None:
            facts[name] = number
    camera = _camera(facts.pop("make", ""), facts.pop("model", ""))
    if camera:
        facts["camera"] = camera
    taken = _moment(tags.get(_BASE.DateTimeOriginal), tags.get(_BASE.OffsetTimeOriginal))
    if taken:
        facts["taken_at"] = taken
    return facts


def read_position(image: Image.Image) -> dict[str, float] | None:
    """Latitude and longitude in degrees, altitude in metres; None where it is not recorded."""
    try:
        return _position(dict(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))) or None
    except DECODER_ERRORS:
        return None


def kept_exif(image: Image.Image, policy: Literal["keep", "strip"] | None) -> tuple[bytes, bool]:
    """The EXIF block that the result carries (empty where nothing is left), and if it is whole.

    By default artist and copyright; `keep` all about the photograph but position and serial
    numbers; `strip` nothing. Never the orientation (baked in), never a thumbnail. A block over
    65,533 bytes keeps its short values and the first 1,000 characters of its texts.
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
        if detail:  # asked for, an empty directory would be written as well
            _shorten(kept.get_ifd(ExifTags.IFD.Exif))
        block = _block(kept)
        return block if len(block) <= _MAX_BLOCK else b"", False
    except DECODER_ERRORS:
        return b"", True


def _block(exif: Image.Exif) -> bytes:
    return exif.tobytes() if len(exif) or exif.get_ifd(ExifTags.IFD.Exif) else b""


def _shorten(directory: MutableMapping[int, Any]) -> None:
    """Cut the texts of a directory and leave out what cannot be cut."""
    for tag, value in list(directory.items()):
        if isinstance(value, str):
            directory[tag] = value[:_MAX_VALUE]
        elif isinstance(value, bytes | tuple) and len(value) > _MAX_VALUE:
            del directory[tag]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return printable(value.split("\0")[0].strip(), 200)


def _camera(make: str, model: str) -> str:
    """Maker and model, without the maker twice (`Canon Canon EOS R5`)."""
    if make and model.lower().startswith(make.lower().split()[0]):
        return model
    return f"{make} {model}".strip()


def _number(value: object) -> float | int | None:
    if isinstance(value, tuple) and value:
        value = value[0]
    if isinstance(value, int):
        return value if abs(value) < 2**53 else None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return round(number, 6) if math.isfinite(number) else None


def _moment(value: object, offset: object) -> str:
    """`2024:05:01 12:30:00` as ISO 8601, with the offset from UTC where it is known."""
    for pattern, text in (
        ("%Y:%m:%d %H:%M:%S%z", _text(value) + _text(offset)),
        ("%Y:%m:%d %H:%M:%S", _text(value)),
    ):
        try:
            return datetime.strptime(text, pattern).isoformat()  # noqa: DTZ007 - as recorded
        except ValueError:
            continue
    return ""


def _position(tags: dict[int, Any]) -> dict[str, float]:
    position: dict[str, float] = {}
    for name, tag, side, negative, bound in (
        ("latitude", _GPS.GPSLatitude, _GPS.GPSLatitudeRef, "S", 90),
        ("longitude", _GPS.GPSLongitude, _GPS.GPSLongitudeRef, "W", 180),
    ):
        value = tags.get(tag)
        parts = [_number(part) for part in value] if isinstance(value, tuple | list) else []
        if len(parts) != 3 or any(part is None for part in parts):
            return {}
        degrees = sum((part or 0) / 60**power for power, part in enumerate(parts))
        if not 0 <= degrees <= bound:
            return {}
        sign = -1 if _text(tags.get(side)).upper() == negative else 1
        position[name] = round(sign * degrees, 7)
    altitude = _number(tags.get(_GPS.GPSAltitude))
    if altitude is not None:
        below = tags.get(_GPS.GPSAltitudeRef) in (1, b"\x01")
        position["altitude"] = -altitude if below else altitude
    return position
