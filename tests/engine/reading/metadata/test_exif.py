"""Which parts of EXIF become facts, and which parts a result keeps."""

import json
from fractions import Fraction
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from image_processor.engine import inspect
from tests.builders.optional_formats import with_optional
from tests.engine.builders import LIMITS, encoded, gradient, opened, run, step

BASE, GPS, IFD = ExifTags.Base, ExifTags.GPS, ExifTags.IFD
SECRETS = ("SERIAL-1", "SERIAL-2", "SERIAL-3", "MAKER-NOTE")


def camera_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[BASE.Make] = "Canon"
    exif[BASE.Model] = "Canon EOS R5"
    exif[BASE.Software] = "Firmware 1.0"
    exif[BASE.Artist] = "Jane Doe"
    exif[BASE.Copyright] = "(c) Jane Doe"
    exif[BASE.Orientation] = 1
    exif[BASE.CameraSerialNumber] = "SERIAL-3"
    detail = exif.get_ifd(IFD.Exif)
    detail[BASE.DateTimeOriginal] = "2024:05:01 12:30:00"
    detail[BASE.OffsetTimeOriginal] = "+02:00"
    detail[BASE.LensModel] = "RF 50mm F1.2"
    detail[BASE.ExposureTime] = IFDRational(1, 250)
    detail[BASE.FNumber] = 2.8
    detail[BASE.ISOSpeedRatings] = 400
    detail[BASE.FocalLength] = IFDRational(50)
    detail[BASE.BodySerialNumber] = "SERIAL-1"
    detail[BASE.LensSerialNumber] = "SERIAL-2"
    detail[BASE.MakerNote] = b"MAKER-NOTE"
    position = exif.get_ifd(IFD.GPSInfo)
    position[GPS.GPSLatitudeRef] = "S"
    position[GPS.GPSLatitude] = (33.0, 51.0, 30.0)
    position[GPS.GPSLongitudeRef] = "E"
    position[GPS.GPSLongitude] = (151.0, 12.0, 36.0)
    position[GPS.GPSAltitudeRef] = b"\0"
    position[GPS.GPSAltitude] = 58.5
    return exif


def camera_file(format_name: str = "JPEG") -> bytes:
    return encoded(gradient(), format_name, exif=camera_exif())


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_capture_facts(format_name: str) -> None:
    facts = inspect(camera_file(format_name), LIMITS)
    assert facts.exif == {
        "camera": "Canon EOS R5",
        "lens": "RF 50mm F1.2",
        "software": "Firmware 1.0",
        "artist": "Jane Doe",
        "copyright": "(c) Jane Doe",
        "taken_at": "2024-05-01T12:30:00+02:00",
        "exposure_time": 0.004,
        "f_number": 2.8,
        "iso": 400,
        "focal_length": 50.0,
    }
    assert facts.gps == {"latitude": -33.8583333, "longitude": 151.21, "altitude": 58.5}


def exif_of(data: bytes) -> dict[int, Any]:
    exif = opened(data).getexif()
    return {**dict(exif), **exif.get_ifd(IFD.Exif), **exif.get_ifd(IFD.GPSInfo)}


@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "avif"])
def test_by_default_artist_and_copyright_are_kept(target: str) -> None:
    result = run(camera_file(), step("flip"), format=target)
    assert exif_of(result.data) == {BASE.Artist: "Jane Doe", BASE.Copyright: "(c) Jane Doe"}


@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "avif", "tiff"])
def test_keep_leaves_out_position_serial_numbers_and_orientation(target: str) -> None:
    result = run(camera_file(), step("flip"), format=target, metadata="keep")
    kept = exif_of(result.data)
    assert kept[BASE.Model] == "Canon EOS R5"
    assert kept[BASE.LensModel] == "RF 50mm F1.2"
    assert kept[BASE.FNumber] == pytest.approx(2.8)
    assert BASE.GPSInfo not in kept
    assert GPS.GPSLatitude not in kept
    assert BASE.Orientation not in kept
    assert not any(secret.encode() in result.data for secret in SECRETS)


@pytest.mark.parametrize("target", with_optional(["jpeg", "png", "webp", "avif", "tiff", "gif"]))
@pytest.mark.parametrize("source", ["JPEG", "TIFF"])
@pytest.mark.parametrize("work", [step("flip"), step("compress", quality=80)], ids=["flip", "same"])
def test_strip_leaves_nothing(source: str, target: str, work: dict[str, Any]) -> None:
    """Pixels that no step changes belong to the opened file, whose tags some codecs write again."""
    result = run(camera_file(source), work, format=target, metadata="strip")
    assert not any(secret in result.data for secret in (b"Jane", b"Canon", b"SERIAL"))


def test_a_thumbnail_of_the_unchanged_picture_is_never_kept() -> None:
    exif = camera_exif()
    exif.get_ifd(IFD.IFD1)[BASE.Compression] = 6
    data = encoded(gradient(), "JPEG", exif=exif)
    result = run(data, step("flip"), metadata="keep")
    assert not opened(result.data).getexif().get_ifd(IFD.IFD1)


@pytest.mark.parametrize(
    ("tag", "value", "key"),
    [
        (BASE.Model, "Cam\0era", "camera"),
        (BASE.Artist, b"\xff\xfe\x00J", "artist"),
        (BASE.Software, "x" * 100_000, "software"),
        (BASE.Copyright, "a\x07b\x1bc\u202ed", "copyright"),
    ],
)
def test_facts_can_be_stored_in_a_database(tag: int, value: object, key: str) -> None:
    exif = Image.Exif()
    exif[tag] = value
    facts = inspect(encoded(gradient(), "PNG", exif=exif), LIMITS)
    text = facts.exif.get(key, "")
    assert len(text) <= 200
    assert text.isprintable()
    json.dumps(facts.to_dict(), allow_nan=False).encode("utf-8")


def test_impossible_numbers_are_left_out() -> None:
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif)[BASE.FNumber] = IFDRational(1, 0)
    exif.get_ifd(IFD.Exif)[BASE.DateTimeOriginal] = "0000:00:00 00:00:00"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (Fraction(500), Fraction(0), Fraction(0))
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLongitude] = (Fraction(5), Fraction(0), Fraction(0))
    facts = inspect(encoded(gradient(), "JPEG", exif=exif), LIMITS)
    assert (facts.exif, facts.gps) == ({}, None)


@pytest.mark.parametrize("block", [b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"\0" * 50])
def test_broken_exif_is_accepted(block: bytes) -> None:
    data = encoded(gradient(), "JPEG", exif=block)
    assert inspect(data, LIMITS).exif == {}
    assert run(data, step("flip"), metadata="keep").width == 64


def test_exif_behind_the_pixels_of_a_png_counts() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    early = encoded(gradient(), "PNG", exif=exif)
    start = early.index(b"eXIf") - 4
    length = 12 + int.from_bytes(early[start : start + 4], "big")
    end = early.index(b"IEND") - 4
    late = early[:start] + early[start + length : end] + early[start : start + length] + early[end:]
    assert inspect(late, LIMITS) == inspect(early, LIMITS)
    assert inspect(late, LIMITS).orientation == 6
