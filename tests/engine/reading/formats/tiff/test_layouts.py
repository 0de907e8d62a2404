"""A TIFF of any layout is read rightly, or refused at upload by the name of what is not read."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from image_processor.engine import UnsupportedFormat, inspect
from tests.engine.builders import LIMITS, levels_of, run, step
from tests.engine.files.tiff_levels import COLOURS, FLOAT, HEIGHT, SIGNED, UNSIGNED, WIDTH, file_of
from tests.engine.files.tiffs import (
    DEFLATE,
    JPEG,
    LZMA,
    LZW,
    NONE,
    PACKBITS,
    WEBP,
    Layout,
)

SAME = step("crop", x=0, y=0, width=WIDTH, height=HEIGHT)
BITS = {UNSIGNED: (1, 2, 4, 8, 12, 16, 32), SIGNED: (8, 16, 32), FLOAT: (16, 32, 64)}
COMPRESSION, PHOTOMETRIC, FILL_ORDER, PLANAR, INK_SET = 259, 262, 266, 284, 332


def check_read(layout: Layout) -> None:
    data, expected = file_of(layout)
    found = levels_of(run(data, SAME, format="png")).astype(np.float64)
    assert found.shape == expected.shape
    tolerance = 4 if layout.compression == JPEG else 2
    assert np.abs(found - expected).max() <= tolerance


def refusal(layout: Layout) -> str:
    with pytest.raises(UnsupportedFormat) as caught:
        inspect(file_of(layout)[0], LIMITS)
    return str(caught.value.detail)


@pytest.mark.rule(
    "TIFF",
    "read",
    "Gray of 1, 2, 4, 8, 12, 16 and 32 bits, signed gray of 16 and 32 bits, and floating-point "
    "gray of 32 bits, with either polarity (WhiteIsZero or BlackIsZero). 12 bits in little-endian "
    "files only.",
)
@pytest.mark.rule("TIFF", "read", "Gray of 8 bits with alpha, also premultiplied.")
@pytest.mark.rule(
    "TIFF",
    "read",
    "RGB of 8 and 16 bits, with alpha, also premultiplied, and with samples that are ignored.",
)
@pytest.mark.rule("TIFF", "read", "Palettes of 1, 2, 4 and 8 bits, with alpha at 8 bits.")
@pytest.mark.rule("TIFF", "read", "CMYK of 8 and 16 bits, YCbCr of 8 bits and CIELAB of 8 bits.")
@pytest.mark.rule("TIFF", "read", "Separate planes of RGB and CMYK.")
@pytest.mark.rule("TIFF", "read", "Strips and tiles, both byte orders, and little-endian BigTIFF.")
@pytest.mark.rule(
    "TIFF",
    "read",
    "No compression, LZW, Deflate, PackBits, JPEG and LZMA, with the predictors 2 and 3.",
)
@pytest.mark.parametrize(
    "layout",
    [
        Layout(1, 1, tags={FILL_ORDER: (2,)}),
        Layout(0, 2),
        Layout(0, 4, compression=PACKBITS),
        Layout(0, 12),
        Layout(1, 12, tiled=True),
        Layout(0, 16),
        Layout(0, 16, compression=LZW, predictor=2, order=">"),
        Layout(1, 16, big=True),
        Layout(0, 32),
        Layout(1, 32, compression=DEFLATE, order=">"),
        Layout(1, 16, SIGNED, order=">"),
        Layout(0, 32, SIGNED),
        Layout(0, 32, FLOAT, order=">"),
        Layout(1, 32, FLOAT, compression=LZW, predictor=3),
        Layout(1, 8, extra=(0,)),
        Layout(1, 8, extra=(1,)),
        Layout(1, 8, extra=(2,), compression=LZW),
        Layout(2, big=True, tiled=True),
        Layout(2, compression=JPEG),
        Layout(2, compression=JPEG, planar=2, tiled=True),
        Layout(2, extra=(1,), compression=LZMA),
        Layout(2, extra=(2, 0, 0), order=">"),
        Layout(2, 16, planar=2),
        Layout(2, 16, planar=2, tiled=True, order=">"),
        Layout(2, 16, extra=(1,)),
        Layout(2, 16, extra=(2,), planar=2, compression=DEFLATE, predictor=2),
        Layout(3, 1),
        Layout(3, 2),
        Layout(3, 4, order=">"),
        Layout(3, 8, extra=(2,)),
        Layout(5, extra=(0,)),
        Layout(5, 16, planar=2, order=">"),
        Layout(6),
        Layout(6, compression=LZW, tiled=True),
        Layout(8, compression=LZW, predictor=2),
    ],
    ids=str,
)
def test_a_layout_is_read_rightly(layout: Layout) -> None:
    check_read(layout)


@pytest.mark.rule(
    "TIFF",
    "refused",
    "Every other layout, by its name. Among them are the compressions WebP, old-style JPEG, LERC, "
    "JPEG 2000 and JBIG; floating-point and 32-bit colour; 64-bit and signed 8-bit samples; RGB of "
    "less than 8 or of 12 bits; gray of 16 bits with alpha; separate planes of gray and alpha or "
    "of YCbCr; unprocessed camera samples; inks other than CMYK; big-endian BigTIFF.",
)
@pytest.mark.parametrize(
    ("layout", "trait"),
    [
        (Layout(2, compression=WEBP), "TIFF with WebP compression"),
        (Layout(6, tags={COMPRESSION: (6,)}), "TIFF with old-style JPEG compression"),
        (Layout(1, tags={COMPRESSION: (34887,)}), "TIFF with LERC compression"),
        (Layout(2, tags={COMPRESSION: (33005,)}), "TIFF with JPEG 2000 compression"),
        (Layout(1, 1, tags={COMPRESSION: (34661,)}), "TIFF with JBIG compression"),
        (Layout(1, tags={COMPRESSION: (123,)}), "TIFF with compression 123"),
        (Layout(1, tags={COMPRESSION: (4,)}), "facsimile compression of 8-bit gray samples"),
        (Layout(1, 16, tags={COMPRESSION: (7,)}), "JPEG compression of 16-bit gray samples"),
        (Layout(2, tags={PHOTOMETRIC: (32803,)}), "TIFF with unprocessed camera samples"),
        (Layout(2, tags={PHOTOMETRIC: (77,)}), "TIFF with photometric interpretation 77"),
        (Layout(2, tags={PLANAR: (3,)}), "TIFF with planar configuration 3"),
        (Layout(5, tags={INK_SET: (2,)}), "TIFF with inks other than CMYK"),
        (Layout(2, 4), "TIFF with 4-bit RGB samples"),
        (Layout(2, 32), "TIFF with 32-bit RGB samples"),
        (Layout(2, 12), "TIFF with 12-bit RGB samples"),
        (Layout(1, 12, order=">"), "TIFF with big-endian 12-bit gray samples"),
        (Layout(2, tags={258: (5, 6, 5)}), "TIFF with RGB samples of different kinds"),
        (Layout(2, 32, FLOAT), "TIFF with 32-bit floating-point RGB samples"),
        (Layout(1, 64, FLOAT), "TIFF with 64-bit floating-point gray samples"),
        (Layout(1, 8, SIGNED), "TIFF with 8-bit signed gray samples"),
        (Layout(1, 16, extra=(2,)), "TIFF with 16-bit gray samples and alpha"),
        (Layout(5, extra=(1,)), "TIFF with 8-bit CMYK samples and premultiplied alpha"),
        (Layout(2, extra=(0, 0, 0, 0)), "TIFF with 8-bit RGB samples and 4 extra samples"),
        (Layout(2, tags={277: (2,)}), "TIFF with 8-bit RGB samples, 2 a pixel"),
        (Layout(1, extra=(2,), planar=2), "8-bit gray samples and alpha in separate planes"),
        (Layout(6, planar=2), "TIFF with 8-bit YCbCr samples in separate planes"),
        (Layout(1, compression=LZW, tags={317: (3,)}), "predictor 3 for 8-bit gray samples"),
        (Layout(1, 16, order=">", tags={FILL_ORDER: (2,)}), "fill order 2 for 16-bit gray"),
        (Layout(2, big=True, order=">"), "Big-endian BigTIFF"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_layout_that_is_not_read_is_refused_by_its_name(layout: Layout, trait: str) -> None:
    message = refusal(layout)
    assert trait in message
    assert message.endswith(" is not supported.")


@pytest.mark.long
@pytest.mark.parametrize("photometric", COLOURS)
def test_every_layout_is_read_rightly_or_refused(photometric: int) -> None:
    read = 0
    for bits, sample_format in product((1, 2, 4, 8, 12, 16, 32, 64), (UNSIGNED, SIGNED, FLOAT)):
        if bits not in BITS[sample_format]:
            continue
        for extra, planar, compression, predictor, tiled, order in product(
            [(), (0,), (1,), (2,)], (1, 2), (NONE, LZW), (1, 2, 3), (False, True), "<>"
        ):
            layout = Layout(photometric, bits, sample_format, planar, compression)
            layout = replace(layout, predictor=predictor, tiled=tiled, order=order, extra=extra)
            if layout_is_possible(layout):
                read += check_right_or_refused(layout)
    assert read >= 12


def layout_is_possible(layout: Layout) -> bool:
    """Whether a file can be made of that layout, and is not the same as another's."""
    if layout.photometric == 3 and (layout.bits > 16 or layout.sample_format != UNSIGNED):
        return False
    if layout.planar == 2 and COLOURS[layout.photometric] + len(layout.extra) == 1:
        return False
    if layout.predictor == 1:
        return True
    floats = layout.sample_format == FLOAT
    whole = layout.bits in (8, 16, 32, 64) and not floats
    return layout.compression == LZW and (whole if layout.predictor == 2 else floats)


def check_right_or_refused(layout: Layout) -> bool:
    """Whether the file is read; what is read is right."""
    data, _ = file_of(layout)
    try:
        inspect(data, LIMITS)
    except UnsupportedFormat:
        return False
    check_read(layout)
    return True
