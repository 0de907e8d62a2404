"""The objects that metadata becomes do not grow with the file."""

from __future__ import annotations

import io
import struct
import tracemalloc
from collections.abc import Callable

import pytest
from PIL import TiffImagePlugin

from image_processor.engine import InvalidImage, inspect
from image_processor.engine.reading.metadata.exif_directory import MAX_ENTRIES, DirectoryReader
from tests.engine.builders import LIMITS, opened, run, step
from tests.engine.files import tag_bombs as bombs
from tests.engine.files.tag_bombs import RATIONAL, SHORT
from tests.engine.hostile import png, png_chunk

SIZE = 700_000
# SHORTs in what is read of EXIF: by the codec of a JPEG or AVIF, for facts and for the position.
MOST_VALUES = 3 * 262_144 // 2

BLOCKS: dict[str, Callable[[int, int], bytes]] = {
    "JPEG": bombs.jpeg_bomb,
    "PNG": bombs.png_bomb,
    "WebP": bombs.webp_bomb,
    "AVIF": bombs.avif_bomb,
    "TIFF": bombs.tiff_bomb,
}
TAGS = {
    "orientation": bombs.ORIENTATION,
    "XMP": 700,
    "IPTC": 33723,
    "profile": 34675,
    "place of EXIF": bombs.EXIF_POINTER,
    "unit of the resolution": 296,
    "unknown": 60_000,
}


@pytest.fixture
def values(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of values of each array that Pillow turns into objects."""
    found: list[int] = []
    unpack = TiffImagePlugin.ImageFileDirectory_v2._unpack

    def counted(self: object, code: str, data: bytes) -> tuple[object, ...]:
        numbers: tuple[object, ...] = unpack(self, code, data)  # type: ignore[arg-type]
        found.append(len(numbers))
        return numbers

    monkeypatch.setattr(TiffImagePlugin.ImageFileDirectory_v2, "_unpack", counted)
    return found


@pytest.mark.parametrize("kind", [SHORT, RATIONAL])
@pytest.mark.parametrize("name", BLOCKS)
def test_one_array_behind_all_tags(values: list[int], name: str, kind: int) -> None:
    data = BLOCKS[name](SIZE, kind)
    facts = inspect(data, LIMITS)
    assert sum(values) < MOST_VALUES
    # The array goes on behind what is read of a JPEG's and an AVIF's EXIF.
    assert set(facts.exif) == (set() if name in ("JPEG", "AVIF") else {"iso"})
    values.clear()
    result = run(data, step("flip"), format="jpeg", metadata="keep")
    assert opened(result.data)
    assert sum(values) < MOST_VALUES


@pytest.mark.parametrize("kind", [SHORT, RATIONAL])
@pytest.mark.parametrize("tag", TAGS.values(), ids=TAGS.keys())
def test_a_tag_of_a_tiff(values: list[int], tag: int, kind: int) -> None:
    inspect(bombs.tiff_bomb(SIZE, kind, tag), LIMITS)
    assert sum(values) < MOST_VALUES


def test_long_exif_is_not_given_to_the_codec_of_avif() -> None:
    facts = inspect(bombs.avif_bomb(SIZE), LIMITS)
    (warning,) = facts.warnings
    assert warning["code"] == "damaged_part"
    assert "at most 262144" in warning["detail"]
    assert not facts.exif


def test_the_rest_of_a_jpeg_s_exif_is_not_read() -> None:
    (warning,) = inspect(bombs.jpeg_bomb(SIZE), LIMITS).warnings
    assert warning["code"] == "damaged_part"
    assert "262144" in warning["detail"]


def python_peak(data: bytes) -> int:
    """The bytes that Python allocates for reading `data`."""
    file = io.BytesIO(data)
    tracemalloc.start()
    try:
        inspect(file, LIMITS)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


LARGE = {
    "EXIF in hexadecimal": bombs.png_of_hexadecimal,
    "texts with one wide character": bombs.png_of_texts,
    "XMP": bombs.webp_of_xmp,
    "profile": bombs.webp_of_profile,
    "EXIF": bombs.png_bomb,
}


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE.keys())
def test_memory_grows_with_the_file_only(make: Callable[[int], bytes]) -> None:
    data = make(SIZE)
    # The file, the part in it, the same part as text, and a copy of the file without it.
    assert python_peak(data) < 4 * len(data) + 1_000_000


def test_compressed_texts_that_nothing_reads() -> None:
    assert python_peak(bombs.png_of_compressed_texts(20)) < 6_000_000


def test_resources_of_a_jpeg() -> None:
    (warning,) = inspect(bombs.jpeg_of_resources(2 * SIZE), LIMITS).warnings
    assert "1000000" in warning["detail"]


def test_a_long_used_text_of_a_png_is_ignored_with_a_warning() -> None:
    text = b"XML:com.adobe.xmp\0\0\0\0\0" + b"x" * 1_100_000
    data = png(8, 8, png_chunk(b"iTXt", text))
    assert [warning["detail"] for warning in inspect(data, LIMITS).warnings] == [
        "The PNG chunk iTXt is too large and was ignored."
    ]


def test_a_directory_of_a_big_tiff_does_not_go_on_for_ever() -> None:
    block = struct.pack("<2sHHHQQ", b"II", 43, 8, 0, 16, 2**40) + bytes(20 * (MAX_ENTRIES + 100))
    looked_at: list[int] = []
    list(
        DirectoryReader(memoryview(block), "<").entries(16, lambda tag: bool(looked_at.append(tag)))
    )
    assert len(looked_at) == MAX_ENTRIES


def test_a_tiff_whose_tags_share_an_array_is_refused() -> None:
    """The structure's check has this limit; without it the reading of each tag would be a copy."""
    table = bytearray(bombs.tiff_bomb(SIZE, SHORT, 60_000, 60_001))
    for tag in (60_000, 60_001):
        at = table.index(tag.to_bytes(2, "little") + b"\3\0") + 4
        table[at : at + 4] = ((SIZE - 1_000) // 2).to_bytes(4, "little")
    with pytest.raises(InvalidImage, match="tags of the TIFF file take"):
        inspect(bytes(table), LIMITS)
