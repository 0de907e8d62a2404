"""Files whose structure alone would take hours or gigabytes to read.

The sizes are such that work growing with their square would not end; what is counted is memory.
"""

import struct
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from image_processor.engine import InvalidImage, SideTooLong, inspect
from image_processor.engine.reading.formats.gif import check as gif_check
from tests.engine import hostile
from tests.engine.builders import LIMITS, encoded, gradient
from tests.engine.files import avif as avif_files
from utils.errors import DomainError


@contextmanager
def at_most(allowed: int) -> Iterator[None]:
    """A context in which memory may grow by at most `allowed` bytes."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= allowed


def test_a_long_run_of_fill_bytes_in_the_pixels_of_a_jpeg_is_read_once() -> None:
    data = encoded(gradient(), "JPEG")
    run = data[:-2] + b"\xff" * 4_000_000
    for end in (data[-2:], b"", b"\x00"):
        assert inspect(run + end, LIMITS).width == 64


def test_fill_bytes_before_a_marker_are_limited() -> None:
    data = encoded(gradient(), "JPEG")
    assert inspect(data[:2] + b"\xff" * 1000 + data[2:], LIMITS).width == 64
    with pytest.raises(InvalidImage, match="between its segments") as caught:
        inspect(data[:2] + b"\xff" * 4_000_000 + data[2:], LIMITS)
    assert caught.value.limit == 1_000_000


def test_a_jpeg_of_endless_segments_is_refused() -> None:
    data = encoded(gradient(), "JPEG")
    comment = b"\xff\xfe\x00\x02"
    assert inspect(data[:2] + comment * 9_000 + data[2:], LIMITS).width == 64
    with pytest.raises(InvalidImage, match="segments") as caught:
        inspect(data[:2] + comment * 500_000 + data[2:], LIMITS)
    assert (caught.value.limit, caught.value.actual) == (10_000, 10_001)


def test_a_png_of_endless_chunks_is_refused() -> None:
    empty = hostile.png_chunk(b"prVt", b"")
    assert inspect(hostile.png(8, 8, empty * 9_000), LIMITS).width == 8
    with pytest.raises(InvalidImage, match="chunks") as caught:
        inspect(hostile.png(8, 8, empty * 500_000), LIMITS)
    assert caught.value.limit == 10_000


def test_a_large_png_may_have_as_many_chunks_as_it_needs() -> None:
    parts = [hostile.png_chunk(b"IDAT", bytes(1_500)) for _ in range(12_000)]
    end = hostile.png_chunk(b"IEND", b"")
    head = hostile.png(8, 8)[:33]
    assert inspect(head + b"".join(parts) + end, LIMITS).width == 8


def test_a_webp_of_endless_chunks_is_refused() -> None:
    data = encoded(gradient(), "WEBP")
    chunks = data[12:] + (b"prVt" + bytes(4)) * 500_000
    with pytest.raises(InvalidImage, match="chunks"):
        inspect(b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks, LIMITS)


def test_a_gif_of_endless_extensions_is_refused() -> None:
    data = encoded(gradient(), "GIF")
    extension = b"\x21\x01\x00"
    with pytest.raises(InvalidImage, match="extensions"):
        inspect(data[:-1] + extension * 500_000 + data[-1:], LIMITS)


def test_a_gif_with_very_long_comments_is_refused() -> None:
    data = encoded(gradient(mode="L"), "GIF")
    screen = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    block = b"\xff" + b"c" * 255
    for comment in (b"\x21\xfe" + block * 100_000 + b"\0", (b"\x21\xfe" + block + b"\0") * 5_000):
        with pytest.raises(InvalidImage, match="comments") as caught:
            inspect(data[:screen] + comment + data[screen:], LIMITS)
        assert caught.value.limit == 1_000_000


def entries(*values: tuple[int, int, int, int], body: bytes = b"") -> bytes:
    """A TIFF with these (tag, type, count, value) in its directory, in this order."""
    directory = b"".join(struct.pack("<HHII", *value) for value in values)
    return b"II*\0" + struct.pack("<IH", 8, len(values)) + directory + bytes(4) + body


def test_a_tiff_tag_may_occur_once() -> None:
    offsets = [(273, 4, 4_000_000, 8)] * 60_000
    data = entries((256, 4, 1, 8), (257, 4, 1, 8), *offsets, body=bytes(16_000_000))
    with at_most(2_000_000), pytest.raises(InvalidImage, match="273 more than once"):
        inspect(data, LIMITS)


def test_tiff_tags_must_not_overlap() -> None:
    layers = [(40_000 + number, 7, 1_000_000, 8) for number in range(5_000)]
    data = entries((256, 4, 1, 8), (257, 4, 1, 8), *layers, body=bytes(1_000_000))
    with at_most(2_000_000), pytest.raises(InvalidImage, match="The tags") as caught:
        inspect(data, LIMITS)
    assert caught.value.limit == len(data)
    assert caught.value.actual > len(data)


@pytest.mark.parametrize("tag", [256, 257, 322, 323])
def test_the_tag_of_a_side_has_one_value(tag: int) -> None:
    sides = ((256, 8), (257, 8), (322, 16), (323, 16))
    values = [(one, 4, 500_000, 200) if one == tag else (one, 4, 1, side) for one, side in sides]
    data = entries(*values, (324, 4, 1, 8), (325, 4, 1, 8), body=bytes(2_100_000))
    with at_most(1_000_000), pytest.raises(InvalidImage, match=f"{tag} has 500000 values"):
        inspect(data, LIMITS)


@pytest.mark.parametrize(
    ("last", "error", "words"),
    [(8, SideTooLong, "1x200000"), (2**31, InvalidImage, "truncated")],
)
def test_strips_are_checked_one_by_one(last: int, error: type[DomainError], words: str) -> None:
    count, start = 200_000, 62  # right behind the directory
    values = [(256, 4, 1, 1), (257, 4, 1, count)]
    values += [(273, 4, count, start), (279, 4, count, start + 4 * count)]
    places = struct.pack("<I", 8) * (2 * count - 1) + struct.pack("<I", last)
    data = entries(*values, body=places)
    with at_most(1_000_000), pytest.raises(error, match=words):
        inspect(data, LIMITS)


def test_a_tiff_has_no_more_strips_than_rows_and_planes() -> None:
    count = 1_000_000
    values = [(256, 4, 1, 8), (257, 4, 1, 8), (273, 4, count, 100), (279, 4, count, 100)]
    data = entries(*values, body=bytes(8_000_100))
    with at_most(1_000_000), pytest.raises(InvalidImage, match="strips or tiles") as caught:
        inspect(data, LIMITS)
    assert (caught.value.limit, caught.value.actual) == (64, count)


def test_a_tiff_of_endless_strips_is_refused() -> None:
    count = 2_000_001
    values = [(256, 4, 1, 1), (257, 4, 1, count), (273, 3, count, 100), (279, 3, count, 100)]
    with pytest.raises(InvalidImage, match="strips or tiles") as caught:
        inspect(entries(*values, body=bytes(8_000_100)), LIMITS)
    assert (caught.value.limit, caught.value.actual) == (2_000_000, count)


def test_a_tiff_has_no_more_tiles_than_it_can_use() -> None:
    sides = [(256, 4, 1, 5_000), (257, 4, 1, 5_000), (322, 4, 1, 1), (323, 4, 1, 1)]
    count = 1_000_000
    values = [*sides, (324, 4, count, 100), (325, 4, count, 100)]
    data = entries(*values, body=bytes(8_000_100))
    with at_most(1_000_000), pytest.raises(InvalidImage, match="strips or tiles"):
        inspect(data, LIMITS)


def test_exif_of_many_prefixes_is_read_once() -> None:
    data = hostile.png(8, 8, hostile.png_chunk(b"eXIf", b"Exif\0\0" * 2_000_000))
    assert inspect(data, LIMITS).orientation == 1


def test_a_png_has_one_palette_of_256_colours() -> None:
    palette = hostile.png_chunk(b"PLTE", bytes(768))
    assert inspect(hostile.png(8, 8, palette), LIMITS).width == 8
    for extra in (palette * 9_000, hostile.png_chunk(b"PLTE", bytes(771))):
        with pytest.raises(InvalidImage, match="palette"):
            inspect(hostile.png(8, 8, extra), LIMITS)


def test_a_gif_of_endless_frames_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gif_check, "_MAX_FRAMES", 1_000)
    assert inspect(hostile.gif(8, 8, 1_000), LIMITS).frames == 1_000
    with pytest.raises(InvalidImage, match="frames") as caught:
        inspect(hostile.gif(8, 8, 1_001), LIMITS)
    assert caught.value.limit == 1_000


def test_a_gif_of_endless_sub_blocks_is_refused() -> None:
    data = hostile.gif(8, 8)
    with pytest.raises(InvalidImage, match="sub-blocks") as caught:
        inspect(data[:-2] + b"\1\1" * 1_000_001 + b"\0;", LIMITS)
    assert caught.value.limit == 1_000_000


@pytest.mark.parametrize("kind", [b"iinf", b"iloc", b"ipma", b"iref"])
def test_an_avif_of_endless_items_is_refused(kind: bytes) -> None:
    with pytest.raises(InvalidImage, match="20000 items") as caught:
        inspect(avif_files.with_many_items(kind, 20_000), LIMITS)
    assert caught.value.limit == 10_000
