"""Run lengths of BMP, also those that cross rows, skip pixels or end early."""

import numpy as np
import pytest

from image_processor.engine import InvalidImage, UnsupportedFormat, inspect
from image_processor.engine.reading.formats.bmp import runs as bmp_runs
from tests.engine.builders import LIMITS, image_of, run, step
from tests.engine.files.bmp import RLE4, RLE8, write_bmp

COLOURS = np.random.default_rng(3).integers(1, 256, (16, 3))
END_OF_LINE, END_OF_BITMAP = b"\0\0", b"\0\1"


def bmp(width: int, height: int, runs: bytes, depth: int, *, top_down: bool = False) -> bytes:
    compression = RLE8 if depth == 8 else RLE4
    return write_bmp(
        (width, height),
        depth,
        runs,
        compression=compression,
        palette=COLOURS,
        top_down=top_down,
    )


def rendered(data: bytes) -> np.ndarray:
    """The RGB, the lowest row first, as it is stored."""
    result = image_of(run(data, step("flip"), step("flip"), format="png"))
    assert result.has_transparency_data == inspect(data, LIMITS).has_alpha
    return np.asarray(result.convert("RGB")).astype(int)[::-1]


def indexes(*rows: list[int]) -> np.ndarray:
    """The RGB of palette indexes; -1 is black."""
    pixels = np.array(rows)
    return np.where(pixels[..., None] < 0, 0, COLOURS[np.maximum(pixels, 0)])


CASES = {
    # Runs, and literal indexes with and without a byte that fills up.
    "rle8": (
        8,
        b"\x03\x01\x02\x02\0\0\0\x05\1\2\3\4\5\0\0\0\0\1",
        [[1, 1, 1, 2, 2], [1, 2, 3, 4, 5]],
    ),
    "rle4": (4, b"\x05\x12\0\0\0\x05\x12\x34\x50\0\0\0\0\1", [[1, 2, 1, 2, 1], [1, 2, 3, 4, 5]]),
    # Rows that are full without an end of line, and runs that are longer than the row.
    "long": (4, b"\x09\x12\0\0\0\x07\x12\x34\x56\x70\0\0\0\1", [[1, 2, 1, 2, 1], [1, 2, 3, 4, 5]]),
    # Rows and pixels that are skipped.
    "short rows": (8, b"\x02\1\0\0\x05\2\0\0\0\1", [[1, 1, -1, -1, -1], [2] * 5]),
    "delta": (8, b"\x01\1\0\2\2\1\x02\2\0\1", [[1, -1, -1, -1, -1], [-1, -1, -1, 2, 2]]),
    "early end": (8, b"\x05\1\0\1", [[1] * 5, [-1] * 5]),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.rule(
    "BMP", "read", "Run lengths of 4 and 8 bits; pixels that they skip are black, as in Chromium."
)
def test_runs_come_out_as_they_are(name: str) -> None:
    depth, runs, rows = CASES[name]
    data = bmp(5, 2, runs, depth)
    assert inspect(data, LIMITS).warnings == []
    assert (rendered(data) == indexes(*rows)).all()
    upside_down = bmp(5, 2, runs, depth, top_down=True)
    assert (rendered(upside_down)[::-1] == indexes(*rows)).all()


@pytest.mark.parametrize("offset", [0, 1])
def test_literal_runs_are_aligned_to_the_pixels_and_not_to_the_file(offset: int) -> None:
    data = bmp(5, 2, CASES["rle8"][1], 8)
    start = int.from_bytes(data[10:14], "little")
    moved = data[:10] + (start + offset).to_bytes(4, "little") + data[14:start]
    moved += bytes(offset) + data[start:]
    assert (rendered(moved) == rendered(data)).all()


@pytest.mark.rule(
    "BMP", "warned of", "Run lengths that are cut off, if at most half of the rows are missing."
)
def test_a_file_that_is_cut_off_tells_its_share() -> None:
    rows = b"\x08\1\0\0" * 10
    whole = bmp(8, 10, rows + END_OF_BITMAP, 8)
    assert inspect(whole, LIMITS).warnings == []
    cut = bmp(8, 10, rows[:-12], 8)
    (warning,) = inspect(cut, LIMITS).warnings
    assert warning["code"] == "truncated"
    assert warning["detail"] == "The BMP file is cut off: about 30% of its rows are missing."
    assert (rendered(cut)[:7] == rendered(whole)[:7]).all()
    assert inspect(bmp(8, 10, rows[:-12] + b"\0\x08\1\1", 8), LIMITS).warnings == [warning]
    with pytest.raises(InvalidImage, match="about 60% of its rows are missing"):
        inspect(bmp(8, 10, rows[:-24], 8), LIMITS)


def test_a_huge_size_takes_no_memory_before_it_is_refused() -> None:
    with pytest.raises(InvalidImage, match="truncated"):
        inspect(bmp(2**31 - 1, 2**31 - 1, b"\x05\1", 8), LIMITS)


@pytest.mark.parametrize(
    "run_of", [b"\x01\1", b"\0\2\0\0", b"\0\0"], ids=["runs", "deltas", "ends of line"]
)
@pytest.mark.rule("BMP", "refused", "More than 500,000 runs.")
def test_very_many_runs_are_refused_with_their_limit(
    run_of: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bmp_runs, "_MAX_RUNS", 1_000)
    few = bmp(100, 2_000, run_of * 500 + END_OF_BITMAP, 8)
    assert inspect(few, LIMITS).width == 100
    with pytest.raises(UnsupportedFormat, match="BMP with more than 1000 runs is not"):
        inspect(bmp(100, 2_000, run_of * 1_001, 8), LIMITS)
