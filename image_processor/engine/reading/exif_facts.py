"""Reading EXIF into plain facts: how, when and where a photograph was taken."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

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


def read_orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1..8; 1 if it is absent, unreadable or out of range."""
    try:
        value = image.getexif().get(_BASE.Orientation, 1)
    except DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def read_exif(image: Image.Image) -> dict[str, Any]:
    """How and when the photograph was taken, as strings and finite numbers; {} for broken EXIF."""
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
    """Latitude and longitude in degrees, altitude in metres; None if no position is recorded."""
    try:
        return _position(dict(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))) or None
    except DECODER_ERRORS:
        return None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return printable(value.split("\0")[0].strip(), 200)


def _camera(make: str, model: str) -> str:
    """Maker and model, without repeating the maker (`Canon EOS R5`, not `Canon Canon EOS R5`)."""
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
    """`2024:05:01 12:30:00` as ISO 8601, with the UTC offset if it is recorded."""
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
