"""A result is written however large the metadata of its source is."""

import pytest
from PIL import ExifTags, Image

from image_processor.engine import Rendered
from tests.engine.builders import encoded, gradient, opened, run, step

BASE, IFD = ExifTags.Base, ExifTags.IFD
LONG = "Jane Doe and others, " * 4_000


def with_exif(exif: Image.Exif) -> bytes:
    return encoded(gradient(), "PNG", exif=exif)


def codes(result: Rendered) -> list[str]:
    return [warning["code"] for warning in result.warnings]


@pytest.mark.rule(
    "every",
    "warned of",
    "EXIF of more than 65,533 bytes. The first 1,000 characters of each text are kept.",
)
@pytest.mark.parametrize("tag", [BASE.Artist, BASE.Copyright])
@pytest.mark.parametrize("target", ["jpeg", "png", "webp", "avif", "tiff"])
def test_a_huge_text_is_cut_with_a_warning(target: str, tag: int) -> None:
    exif = Image.Exif()
    exif[BASE.Artist] = exif[BASE.Copyright] = "short"
    exif[tag] = LONG
    result = run(with_exif(exif), step("flip"), format=target)
    assert codes(result) == ["metadata_cut"]
    kept = opened(result.data).getexif()
    assert kept[tag] == LONG[:1_000]
    assert {kept[BASE.Artist], kept[BASE.Copyright]} == {LONG[:1_000], "short"}


@pytest.mark.parametrize("target", ["jpeg", "webp"])
def test_a_long_text_that_fits_is_kept_whole(target: str) -> None:
    exif = Image.Exif()
    exif[BASE.Copyright] = LONG[:60_000]
    result = run(with_exif(exif), step("flip"), format=target)
    assert result.warnings == []
    assert opened(result.data).getexif()[BASE.Copyright] == LONG[:60_000]


def test_a_huge_value_that_is_no_text_is_dropped_with_a_warning() -> None:
    exif = Image.Exif()
    exif[BASE.Make] = "Canon"
    detail = exif.get_ifd(IFD.Exif)
    detail[BASE.CFAPattern] = bytes(100_000)
    detail[BASE.LensModel] = "RF 50mm"
    result = run(with_exif(exif), step("flip"), format="jpeg", metadata="keep")
    assert codes(result) == ["metadata_cut"]
    kept = opened(result.data).getexif()
    assert kept[BASE.Make] == "Canon"
    assert dict(kept.get_ifd(IFD.Exif)) == {BASE.LensModel: "RF 50mm"}


def test_too_many_values_are_dropped_with_a_warning() -> None:
    exif = Image.Exif()
    exif[BASE.Make] = "Canon"
    detail = exif.get_ifd(IFD.Exif)
    for tag in range(60_000, 65_000):
        detail[tag] = "0123456789"
    result = run(with_exif(exif), step("flip"), format="jpeg", metadata="keep")
    assert codes(result) == ["metadata_cut"]
    assert dict(opened(result.data).getexif()) == {}


def test_stripped_metadata_causes_no_warning() -> None:
    exif = Image.Exif()
    exif[BASE.Artist] = exif[BASE.Make] = LONG
    assert run(with_exif(exif), step("flip"), format="jpeg", metadata="strip").warnings == []
    exif[BASE.Artist] = "short"
    assert run(with_exif(exif), step("flip"), format="jpeg").warnings == []


def test_a_broken_profile_and_huge_metadata_cause_two_warnings() -> None:
    exif = Image.Exif()
    exif[BASE.Artist] = LONG
    data = encoded(gradient(), "PNG", exif=exif, icc_profile=b"not a profile at all")
    result = run(data, step("flip"), format="jpeg")
    assert codes(result) == ["metadata_cut", "broken_profile"]
