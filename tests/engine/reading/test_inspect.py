"""Facts come from the header; damaged, unsupported and too large files are refused."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from image_processor.engine import (
    Facts,
    FileTooLarge,
    InvalidImage,
    Limits,
    SideTooLong,
    SideTooShort,
    TooManyPixels,
    UnsupportedFormat,
    inspect,
)
from image_processor.engine.optional_formats import EXTRAS
from tests.builders.optional_formats import with_optional
from tests.engine import hostile
from tests.engine.builders import LIMITS, animation, encoded, gradient, image_of, photo, run, step


@contextmanager
def no_decoding() -> Iterator[None]:
    """A context in which decoding pixels fails the test."""

    def refuse(self: Image.Image) -> None:
        raise AssertionError("pixels were decoded")

    with pytest.MonkeyPatch.context() as patch:
        for owner in (Image.Image, ImageFile.ImageFile):
            patch.setattr(owner, "load", refuse)
        yield


@pytest.mark.parametrize("format_name", with_optional(hostile.FORMATS))
def test_facts_of_every_format(format_name: str) -> None:
    data = hostile.valid(format_name)
    with no_decoding():
        facts = inspect(data, LIMITS)
    assert (facts.format, facts.width, facts.height) == (format_name, 48, 36)
    assert (facts.frames, facts.orientation, facts.size_bytes) == (1, 1, len(data))
    assert facts.has_alpha is False
    assert Facts.from_dict(json.loads(json.dumps(facts.to_dict()))) == facts


def test_bytes_a_path_and_a_stream_give_the_same_facts(tmp_path: Path) -> None:
    data = photo("rocket.jpg")
    path = tmp_path / "rocket.png"  # the name says nothing
    path.write_bytes(data)
    stream = io.BytesIO(data)
    stream.seek(100)
    assert inspect(path, LIMITS) == inspect(data, LIMITS) == inspect(stream, LIMITS)


@pytest.mark.rule("MPO", "read", "The first picture.")
def test_only_the_first_picture_of_a_multi_picture_file_counts() -> None:
    data = encoded(gradient(), "MPO", save_all=True, append_images=[gradient(32, 24)])
    facts = inspect(data, LIMITS)
    assert (facts.format, facts.width, facts.frames) == ("MPO", 64, 1)
    assert run(data, step("flip")).format == "JPEG"


@pytest.mark.rule("TIFF", "read", "The first page.")
def test_pages_of_a_tiff_are_counted_and_the_first_is_used() -> None:
    data = encoded(gradient(), "TIFF", save_all=True, append_images=[gradient()] * 2)
    assert inspect(data, LIMITS).frames == 3
    result = run(data, step("flip"))
    assert result.frames == 1
    assert [warning["code"] for warning in result.warnings] == ["first_page_only"]


@pytest.mark.parametrize("format_name", ["GIF", "WEBP", "PNG"])
def test_frames_are_counted_without_decoding(format_name: str) -> None:
    data = animation(format_name, 5)
    with no_decoding():
        assert inspect(data, LIMITS).frames == 5


@pytest.mark.parametrize(
    ("mode", "format_name"), [("LA", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "TIFF")]
)
def test_alpha_is_seen(mode: str, format_name: str) -> None:
    assert inspect(encoded(gradient(mode=mode), format_name), LIMITS).has_alpha


def test_a_progressive_jpeg_is_seen() -> None:
    assert inspect(encoded(gradient(), "JPEG", progressive=True), LIMITS).progressive
    assert not inspect(encoded(gradient(), "JPEG"), LIMITS).progressive


@pytest.mark.rule("WEBP AVIF HEIC JXL", "refused", "Files that are cut off.")
@pytest.mark.parametrize("format_name", with_optional(hostile.FORMATS))
def test_truncated_files_are_refused_or_shown_with_a_warning(format_name: str) -> None:
    for data in hostile.variants(format_name):
        whole = inspect(data, LIMITS)
        assert whole.warnings == []
        # Of the three pictures of the MPO file the first is read: the others need not be whole.
        read = len(data) // 3 if format_name == "MPO" else len(data)
        with pytest.raises(InvalidImage):
            inspect(data[: read // 5], LIMITS)
        for keep in (0.5, 0.9, 0.99):
            cut = data[: int(read * keep)]
            try:
                facts = inspect(cut, LIMITS)
            except InvalidImage:
                continue
            assert len(facts.warnings) >= 1
            assert image_of(run(cut, step("flip"), format="png")).size == (
                whole.width,
                whole.height,
            )


def test_a_truncated_photograph_is_refused_although_its_thumbnail_is_whole() -> None:
    thumbnail = encoded(gradient(16, 16), "JPEG")
    exif = Image.Exif()
    exif[0x0110] = thumbnail.decode("latin-1")
    data = encoded(gradient(200, 150), "JPEG", exif=exif, quality=95)
    with pytest.raises(InvalidImage, match="truncated"):
        inspect(data[: len(data) // 2], LIMITS)


@pytest.mark.rule(
    "every",
    "refused",
    "Files of other formats, by the name of the format, also without a magic number (TGA).",
)
@pytest.mark.parametrize("name", [name for name in hostile.FOREIGN if name not in EXTRAS])
def test_foreign_formats_are_named_and_refused(name: str) -> None:
    with pytest.raises(UnsupportedFormat, match=f"format {name} is not") as caught:
        inspect(hostile.FOREIGN[name], LIMITS)
    assert caught.value.actual == name


@pytest.mark.parametrize(
    "data", [b"hello, this is text\n" * 9, b"\0" * 100, b"\xff", b"BM", b"GIF"]
)
def test_files_that_are_no_images_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidImage):
        inspect(data, LIMITS)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(InvalidImage, match="empty"):
        inspect(b"", LIMITS)


def test_the_file_size_is_checked_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(FileTooLarge) as caught:
        inspect(path, LIMITS)
    assert (caught.value.limit, caught.value.actual) == (LIMITS.max_file_bytes, 10**12)


@pytest.mark.rule(
    "every",
    "refused",
    "Files that announce more pixels, frames or longer sides than the [limits](limits.md) allow.",
)
@pytest.mark.parametrize(
    "data",
    [
        hostile.png(65_535, 65_535),
        hostile.jpeg(65_535, 65_535),
        hostile.gif(65_535, 65_535),
        hostile.tiff({256: (4, 1, 65_535), 257: (4, 1, 65_535), 273: (4, 1, 8), 279: (4, 1, 8)}),
        hostile.webp(16_383, 16_383, 1),
        hostile.gif(500, 500, 1_000),
        hostile.webp(1_000, 1_000, 100),
    ],
    ids=["png", "jpeg", "gif", "tiff", "webp", "gif-frames", "webp-frames"],
)
def test_bombs_are_refused_by_their_header(data: bytes) -> None:
    with no_decoding(), pytest.raises(TooManyPixels) as caught:
        inspect(data, LIMITS)
    assert caught.value.limit == LIMITS.max_pixels
    assert caught.value.actual > LIMITS.max_pixels


def test_sides_have_limits_of_their_own() -> None:
    strip = encoded(Image.new("1", (60_000, 1)), "PNG")
    with pytest.raises(SideTooLong) as caught:
        inspect(strip, LIMITS)
    assert (caught.value.limit, caught.value.actual) == (10_000, 60_000)
    with pytest.raises(SideTooShort) as short:
        inspect(strip, Limits(max_side=100_000, min_side=2))
    assert (short.value.limit, short.value.actual) == (2, 1)


def test_one_pixel_is_an_image() -> None:
    assert inspect(encoded(Image.new("RGB", (1, 1)), "PNG"), LIMITS).width == 1


def test_a_directory_loop_is_refused() -> None:
    tags = {256: (4, 1, 8), 257: (4, 1, 8), 273: (4, 1, 8), 279: (4, 1, 8)}
    with pytest.raises(InvalidImage, match="loop"):
        inspect(hostile.tiff(tags, following=8), LIMITS)


def test_a_tile_much_larger_than_its_picture_is_refused() -> None:
    tags = {256: (4, 1, 8), 257: (4, 1, 8), 322: (4, 1, 60_000), 323: (4, 1, 60_000)}
    tags |= {324: (4, 1, 8), 325: (4, 1, 8)}
    with pytest.raises(InvalidImage, match="tiles"):
        inspect(hostile.tiff(tags), LIMITS)


@pytest.mark.rule("JPEG", "refused", "More than 100 scans.")
def test_a_jpeg_of_endless_scans_is_refused() -> None:
    data = encoded(gradient(), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    scan = data[start:-2]
    with pytest.raises(InvalidImage, match="scans"):
        inspect(data[:-2] + scan * 100 + data[-2:], LIMITS)


@pytest.mark.rule("JPEG", "read", "Bytes behind the end are ignored.")
@pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script></html>", b"PK\x03\x04" * 50])
def test_data_after_a_jpeg_does_not_reach_the_result(tail: bytes) -> None:
    data = encoded(gradient(), "JPEG") + tail
    assert inspect(data, LIMITS).format == "JPEG"
    assert tail not in run(data, step("flip")).data
