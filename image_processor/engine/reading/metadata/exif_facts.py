"""Reading EXIF into plain facts: how, when and where a photograph was taken."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

from image_processor.engine.errors import DECODER_ERRORS, printable
from image_processor.engine.reading.metadata.exif_block import read_block
from image_processor.engine.reading.metadata.exif_texts import (
    read_comment,
    read_text,
    read_windows_text,
)

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
# Where Windows writes the same facts.
_WINDOWS_FACTS = {
    "artist": (_BASE.XPAuthor,),
    "description": (_BASE.XPTitle, _BASE.XPSubject, _BASE.XPComment),
}
_NUMBER_FACTS = {
    "exposure_time": _BASE.ExposureTime,
    "f_number": _BASE.FNumber,
    "iso": _BASE.ISOSpeedRatings,
    "focal_length": _BASE.FocalLength,
    "focal_length_35mm": _BASE.FocalLengthIn35mmFilm,
}

_MOMENT_FACTS = (_BASE.DateTimeOriginal, _BASE.OffsetTimeOriginal)

FACT_TAGS = frozenset(
    int(tag)
    for tags in (
        _TEXT_FACTS.values(),
        *_WINDOWS_FACTS.values(),
        _NUMBER_FACTS.values(),
        _MOMENT_FACTS,
        [_BASE.UserComment],
    )
    for tag in tags
)
POSITION_TAGS = frozenset(
    int(tag)
    for tag in (
        *(_GPS.GPSLatitude, _GPS.GPSLatitudeRef, _GPS.GPSLongitude, _GPS.GPSLongitudeRef),
        *(_GPS.GPSAltitude, _GPS.GPSAltitudeRef),
    )
)


def read_exif(image: Image.Image) -> dict[str, Any]:
    """How and when the photograph was taken, as strings and finite numbers; {} for broken EXIF."""
    try:
        exif = read_block(image)
        first, detail = dict(exif), dict(exif.get_ifd(ExifTags.IFD.Exif))
    except DECODER_ERRORS:
        return {}
    tags = {**first, **detail}
    facts: dict[str, Any] = _text_facts(tags, exif.endian)
    for name, tag in _NUMBER_FACTS.items():
        number = _number(tags.get(tag))
        if number is not None:
            facts[name] = number
    camera = _camera(facts.pop("make", ""), facts.pop("model", ""))
    if camera:
        facts["camera"] = camera
    taken = _moment(*(tags.get(tag) for tag in _MOMENT_FACTS))
    if taken:
        facts["taken_at"] = taken
    return facts


def _text_facts(tags: dict[int, Any], byte_order: str | None) -> dict[str, str]:
    facts = {name: _text(tags.get(tag)) for name, tag in _TEXT_FACTS.items()}
    for name, places in _WINDOWS_FACTS.items():
        for tag in places:
            facts[name] = facts[name] or _shown(read_windows_text(tags.get(tag)))
    comment = read_comment(tags.get(_BASE.UserComment), byte_order)
    facts["description"] = facts["description"] or _shown(comment)
    return {name: text for name, text in facts.items() if text}


def read_position(image: Image.Image) -> dict[str, float] | None:
    """Latitude and longitude in degrees, altitude in metres; None if no position is recorded."""
    try:
        return _position(dict(read_block(image).get_ifd(ExifTags.IFD.GPSInfo))) or None
    except DECODER_ERRORS:
        return None


def _text(value: object) -> str:
    return _shown(read_text(value))


def _shown(text: str) -> str:
    return printable(text.split("\0")[0].strip(), 200)


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
