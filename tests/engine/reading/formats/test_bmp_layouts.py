"""Every layout of BMP comes out with its pixels, or is refused by its name."""

import struct
from collections.abc import Callable

import numpy as np
import pytest

from image_processor.engine import InvalidImage, UnsupportedFormat, inspect
from tests.engine.builders import LIMITS, image_of, run, step
from tests.engine.files.bmp import ALPHA_MASKS, MASKS, PLAIN, RLE8, rows_of, write_bmp
from tests.engine.files.profiles import SRGB_PRIMARIES, matrix_profile

SIZE = (13, 7)
SHAPE = SIZE[::-1]
HEADERS = (40, 52, 56, 64, 108, 124)

# Red, green, blue and alpha.
LAYOUTS = {
    "555": (16, (0x7C00, 0x03E0, 0x001F, 0)),
    "565": (16, (0xF800, 0x07E0, 0x001F, 0)),
    "1555": (16, (0x7C00, 0x03E0, 0x001F, 0x8000)),
    "4444": (16, (0x0F00, 0x00F0, 0x000F, 0xF000)),
    "332": (16, (0x00E0, 0x001C, 0x0003, 0)),
    "bgrx": (32, (0xFF0000, 0xFF00, 0xFF, 0)),
    "bgra": (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
    "rgba": (32, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
    "abgr": (32, (0xFF000000, 0xFF0000, 0xFF00, 0xFF)),
    "1010102": (32, (0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000)),
    "no blue": (32, (0xFF0000, 0xFF00, 0, 0)),
}


def values(depth: int) -> np.ndarray:
    return np.random.default_rng(depth).integers(0, 2**depth, SHAPE)


def palette(count: int) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (count, 3))


def rendered(data: bytes) -> np.ndarray:
    """The RGBA of the picture, which the facts have announced."""
    facts = inspect(data, LIMITS)
    assert (facts.width, facts.height, facts.frames) == (*SIZE, 1)
    result = image_of(run(data, step("flip"), step("flip"), format="png"))
    assert result.has_transparency_data == facts.has_alpha
    return np.asarray(result.convert("RGBA")).astype(int)


def under(pixels: np.ndarray, masks: tuple[int, ...]) -> np.ndarray:
    """The samples under masks, scaled to eight bits."""
    bands = []
    for mask in masks:
        low = mask & -mask
        bands.append((pixels & mask) * 255 / mask if low else np.zeros(SHAPE))
    if masks[3] == 0:
        bands[3] = np.full(SHAPE, 255)
    return np.dstack(bands)


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 4, 8])
@pytest.mark.rule(
    "BMP",
    "read",
    "1, 2, 4 and 8 bits with a palette, bottom-up and top-down, with every header of "
    "Windows and OS/2.",
)
def test_a_palette_is_looked_up(depth: int, top_down: bool) -> None:
    pixels, colours = values(depth), palette(2**depth)
    rows = rows_of(pixels, depth, top_down=top_down)
    for header in HEADERS:
        data = write_bmp(SIZE, depth, rows, header=header, palette=colours, top_down=top_down)
        assert (rendered(data)[..., :3] == colours[pixels]).all()


@pytest.mark.parametrize("depth", [1, 4, 8, 24])
def test_the_oldest_header_is_read(depth: int) -> None:
    pixels, colours = values(depth), palette(2**depth) if depth <= 8 else None
    data = write_bmp(SIZE, depth, rows_of(pixels, depth), header=12, palette=colours)
    expected = under(pixels, LAYOUTS["bgrx"][1])[..., :3] if colours is None else colours[pixels]
    assert (rendered(data)[..., :3] == expected).all()


def test_an_index_behind_the_palette_is_black() -> None:
    pixels, colours = values(4), palette(9)
    found = rendered(write_bmp(SIZE, 4, rows_of(pixels, 4), palette=colours))
    expected = np.vstack([colours, np.zeros((7, 3), int)])
    assert (found[..., :3] == expected[pixels]).all()


def test_a_palette_of_all_grays_gives_a_gray_picture() -> None:
    pixels, grays = values(8), np.repeat(np.arange(256)[:, None], 3, axis=1)
    data = write_bmp(SIZE, 8, rows_of(pixels, 8), palette=grays)
    assert inspect(data, LIMITS).mode == "L"
    assert (rendered(data)[..., 0] == pixels).all()


@pytest.mark.parametrize("depth", [16, 24, 32])
@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.rule(
    "BMP", "read", "16, 24 and 32 bits; without bit masks the fourth byte of 32 bits is not alpha."
)
def test_colours_without_masks_have_the_usual_order(depth: int, top_down: bool) -> None:
    pixels = values(depth)
    masks = LAYOUTS["555" if depth == 16 else "bgrx"][1]
    for header in HEADERS:
        rows = rows_of(pixels, depth, top_down=top_down)
        data = write_bmp(SIZE, depth, rows, header=header, top_down=top_down)
        assert np.abs(rendered(data) - under(pixels, masks)).max() <= 1


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.rule("BMP", "read", "Bit masks of any width and order, also with alpha.")
def test_samples_are_taken_from_under_their_masks(layout: str, top_down: bool) -> None:
    depth, masks = LAYOUTS[layout]
    pixels = values(depth)
    rows = rows_of(pixels, depth, top_down=top_down)
    forms: list[tuple[int, int, tuple[int, ...]]] = [(56, MASKS, masks), (124, MASKS, masks)]
    forms.append((40, ALPHA_MASKS, masks))
    if masks[3] == 0:
        forms += [(40, MASKS, masks[:3]), (52, MASKS, masks[:3])]
    for header, compression, given in forms:
        data = write_bmp(
            SIZE,
            depth,
            rows,
            header=header,
            compression=compression,
            masks=given,
            top_down=top_down,
        )
        assert np.abs(rendered(data) - under(pixels, masks)).max() <= 1


@pytest.mark.rule(
    "BMP", "converted", "An alpha mask under which all pixels are clear is ignored, as in browsers."
)
def test_a_picture_of_clear_pixels_only_is_opaque() -> None:
    depth, masks = LAYOUTS["bgra"]
    pixels = values(24)
    data = write_bmp(SIZE, depth, rows_of(pixels, 32), header=56, compression=MASKS, masks=masks)
    assert (rendered(data)[..., 3] == 255).all()


@pytest.mark.rule("BMP", "warned of", "A colour profile that is cut off; it is ignored.")
def test_an_embedded_profile_is_applied() -> None:
    profile = matrix_profile("Gamma 1", SRGB_PRIMARIES, [1.0])
    rows = rows_of(np.full(SHAPE, 0x373737), 24)
    data = write_bmp(SIZE, 24, rows, header=124, profile=profile)
    assert inspect(data, LIMITS).icc_profile == "Gamma 1"
    assert np.abs(rendered(data)[..., :3] - 128).max() <= 1
    cut = data[:-10]
    detail = "The colour profile of the BMP file is cut off and was ignored."
    assert [one["detail"] for one in inspect(cut, LIMITS).warnings] == [detail]
    assert (rendered(cut)[..., :3] == 0x37).all()


def test_the_last_row_may_lack_its_filling_bytes() -> None:
    pixels = values(24)
    data = write_bmp(SIZE, 24, rows_of(pixels, 24))
    assert (rendered(data[:-1]) == rendered(data)).all()
    with pytest.raises(InvalidImage, match="truncated"):
        inspect(data[:-2], LIMITS)


def change(at: int, layout: str, value: int) -> Callable[[bytes], bytes]:
    packed = struct.pack(layout, value)
    return lambda data: data[:at] + packed + data[at + len(packed) :]


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (change(28, "<H", 64), "64-bit BMP"),
        (change(28, "<H", 3), "3-bit BMP"),
        (change(30, "<I", 4), "BMP with an embedded JPEG"),
        (change(30, "<I", 5), "BMP with an embedded PNG"),
        (change(30, "<I", 11), "BMP in CMYK"),
        (change(14, "<I", 41), "BMP with a header of 41 bytes"),
        (change(54, "<I", 0x7010), "BMP with the bit mask 0x7010"),
        (change(54, "<I", 0x10000), "BMP with the bit mask 0x10000"),
    ],
)
@pytest.mark.rule(
    "BMP",
    "refused",
    "64 bits a pixel, embedded JPEG or PNG, CMYK, bit masks with gaps, and unknown "
    "headers, each by its name.",
)
def test_other_layouts_are_refused_by_their_name(
    damage: Callable[[bytes], bytes], name: str
) -> None:
    masks = LAYOUTS["565"][1][:3]
    data = write_bmp(SIZE, 16, rows_of(values(16), 16), compression=MASKS, masks=masks)
    assert inspect(data, LIMITS).width == SIZE[0]
    with pytest.raises(UnsupportedFormat, match=f"^{name} is not supported.$"):
        inspect(damage(data), LIMITS)


@pytest.mark.parametrize(
    ("compression", "name"),
    [(MASKS, "BMP with Huffman compression"), (4, "BMP with 24-bit run lengths")],
)
@pytest.mark.rule("BMP", "refused", "Huffman and 24-bit run-length compression of OS/2.")
def test_compressions_of_another_system_are_refused(compression: int, name: str) -> None:
    data = write_bmp(SIZE, 24, rows_of(values(24), 24), header=64, compression=compression)
    with pytest.raises(UnsupportedFormat, match=f"^{name} is not supported.$"):
        inspect(data, LIMITS)


@pytest.mark.parametrize(("compression", "depth"), [(99, 24), (RLE8, 24), (RLE8, 4)])
def test_an_unknown_compression_is_refused(compression: int, depth: int) -> None:
    data = write_bmp(SIZE, depth, rows_of(values(depth), depth), compression=compression)
    with pytest.raises(InvalidImage, match=f"unknown compression {compression}"):
        inspect(data, LIMITS)


@pytest.mark.parametrize("at", [18, 22])
def test_a_picture_without_a_size_is_refused(at: int) -> None:
    data = write_bmp(SIZE, 24, rows_of(values(24), 24), compression=PLAIN)
    with pytest.raises(InvalidImage, match="contains no image"):
        inspect(change(at, "<i", 0)(data), LIMITS)
