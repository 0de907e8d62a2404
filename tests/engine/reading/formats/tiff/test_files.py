"""TIFFs of other writers: facsimiles, subsampled colour, small colour maps, damaged later pages."""

import numpy as np
import pytest

from image_processor.engine import InvalidImage, inspect
from tests.engine.builders import LIMITS, encoded, gradient, image_of, levels_of, run, step
from tests.engine.files.tiffs import LZW, Layout, assemble

HEIGHT, ROWS_PER_STRIP, STRIP_LENGTHS = 257, 278, 279
SAME = step("crop", x=0, y=0, width=64, height=48)


@pytest.mark.rule("TIFF", "read", "Facsimile compression of groups 3 and 4 (black and white).")
@pytest.mark.parametrize("compression", ["tiff_ccitt", "group3", "group4"])
def test_facsimiles_are_read(compression: str) -> None:
    source = gradient().convert("1")
    data = encoded(source, "TIFF", compression=compression)
    levels = levels_of(run(data, SAME, format="png"))
    assert levels.tobytes() == source.convert("L").tobytes()


@pytest.mark.rule("TIFF", "read", "Zstandard compression.")
def test_zstandard_is_read() -> None:
    source = gradient()
    result = image_of(run(encoded(source, "TIFF", compression="zstd"), SAME, format="png"))
    assert result.tobytes() == source.tobytes()


@pytest.mark.rule("TIFF", "read", "Subsampled YCbCr, with and without compression.")
@pytest.mark.parametrize("tiled", [False, True])
def test_subsampled_colour_is_read_without_compression(tiled: bool) -> None:
    luma = np.arange(256, dtype=np.uint8).reshape(16, 16)
    units = luma.reshape(8, 2, 8, 2).transpose(0, 2, 1, 3).reshape(64, 4)
    block = np.concatenate([units, np.full((64, 2), 128, np.uint8)], axis=1).tobytes()
    tags = {256: (16,), 257: (16,), 258: (8, 8, 8), 262: (6,), 277: (3,), 530: (2, 2)}
    sides = {322: (16,), 323: (16,), 324: (), 325: (384,)}
    data = assemble(tags | (sides if tiled else {273: (), 278: (16,), 279: (384,)}), [block])
    result = image_of(run(data, step("flip"), step("flip"), format="png"))
    assert np.abs(np.asarray(result.convert("L"), dtype=int) - luma).max() <= 1


@pytest.mark.rule("TIFF", "read", "Colour maps whose values have 8 bits instead of 16.")
def test_a_colour_map_of_byte_values_is_read() -> None:
    colours = [*range(256), *range(255, -1, -1), *[128] * 256]
    data = Layout(3, tags={320: tuple(colours)}).build(np.arange(256).reshape(16, 16, 1))
    levels = levels_of(run(data, step("flip"), step("flip"), format="png"))
    expected = np.array(colours).reshape(3, 256).T.reshape(16, 16, 3)
    assert (levels == expected).all()


@pytest.mark.rule("TIFF", "read", "Uncompressed strips whose lengths are missing or zero.")
@pytest.mark.parametrize("lengths", [(), (0,) * 12], ids=["none", "zero"])
@pytest.mark.parametrize("planar", [1, 2])
def test_uncompressed_strips_need_no_lengths(lengths: tuple[int, ...], planar: int) -> None:
    source = np.asarray(gradient(64, 20))
    data = Layout(2, planar=planar, tags={STRIP_LENGTHS: lengths}).build(source)
    result = image_of(run(data, step("flip"), step("flip"), format="png"))
    assert (np.asarray(result) == source).all()


@pytest.mark.rule(
    "TIFF",
    "refused",
    "Files with too few strips or tiles, or without the lengths of compressed ones.",
)
@pytest.mark.parametrize(
    ("layout", "words"),
    [
        (Layout(2, compression=LZW, tags={STRIP_LENGTHS: ()}), "gives no lengths"),
        (Layout(2, tags={ROWS_PER_STRIP: (2,)}), "has 4 strips or tiles; its picture needs 10"),
        (Layout(2, tiled=True, tags={HEIGHT: (200,)}), "has 8 strips or tiles; its picture needs"),
    ],
    ids=["no lengths", "too few strips", "too few tiles"],
)
def test_a_file_without_all_its_strips_is_refused(layout: Layout, words: str) -> None:
    with pytest.raises(InvalidImage, match=words):
        inspect(layout.build(np.asarray(gradient(64, 20))), LIMITS)


def test_a_file_that_the_decoder_does_not_know_is_refused_without_a_python_object() -> None:
    data = Layout(2, tags={258: (8, 8)}).build(np.zeros((8, 8, 3)))
    with pytest.raises(InvalidImage) as caught:
        inspect(data, LIMITS)
    assert caught.value.detail.startswith("The image is damaged: ")
    assert "object" not in caught.value.detail


@pytest.mark.rule("TIFF", "warned of", "Damage after the first page. Only the first page is read.")
def test_damage_after_the_first_page_is_a_warning() -> None:
    data = encoded(gradient(), "TIFF", save_all=True, append_images=[gradient()])
    whole = inspect(data, LIMITS)
    assert (whole.frames, whole.warnings) == (2, [])
    start, pages = int.from_bytes(data[4:8], "little"), []
    while start:
        pages.append(start)
        end = start + 2 + 12 * int.from_bytes(data[start : start + 2], "little")
        start = int.from_bytes(data[end : end + 4], "little")
    facts = inspect(data[: pages[1] + 20], LIMITS)
    assert (facts.width, facts.frames) == (64, 1)
    assert [warning["code"] for warning in facts.warnings] == ["damaged_part"]
    assert "Page 2" in facts.warnings[0]["detail"]
    assert run(data[: pages[1] + 20], step("flip")).width == 64
