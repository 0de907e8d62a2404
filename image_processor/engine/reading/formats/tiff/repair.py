"""A TIFF as Pillow can open it, and what the deep gray samples that Pillow returns then mean.

Pillow does not open every byte order and polarity of deep gray samples, although it decodes them:
such a file is opened under another layout of the same bytes.
"""

from __future__ import annotations

import struct
import sys

from image_processor.engine.reading.deep_gray import DeepGray
from image_processor.engine.reading.formats.tiff.directory import (
    Tags,
    first_directory,
    single_value,
    with_tags,
)
from image_processor.engine.reading.formats.tiff.layout import (
    BLACK_IS_ZERO,
    COLOUR_MAP,
    HEIGHT,
    PALETTE,
    PHOTOMETRIC,
    ROWS_PER_STRIP,
    SAMPLE_FORMAT,
    SIGNED,
    STRIP_LENGTHS,
    STRIP_OFFSETS,
    UNCOMPRESSED,
    UNSIGNED,
    WHITE_IS_ZERO,
    WIDTH,
    YCBCR,
    Layout,
    read_layout,
)
from image_processor.engine.reading.formats.tiff.long_values import cut_long_values

_NATIVE_ORDER = "<" if sys.byteorder == "little" else ">"
_FULL_VALUE, _BYTE_VALUES = 65_535 // 255, 256


def repair_tiff(data: bytes) -> bytes:
    """`data`, a TIFF that `check_tiff` accepts, in a layout that Pillow opens."""
    data = cut_long_values(data)
    form, tags = first_directory(data)
    layout = read_layout(data, form, tags)
    changes: dict[int, tuple[int, ...]] = {}
    if layout.bits > 8 and layout.photometric == WHITE_IS_ZERO:
        changes[PHOTOMETRIC] = (BLACK_IS_ZERO,)
    if layout.bits == 32 and layout.sample_format == UNSIGNED:
        changes[SAMPLE_FORMAT] = (SIGNED,)
    if lengths := _missing_lengths(data, tags, layout):
        changes[STRIP_LENGTHS] = lengths
    if changes:
        data = with_tags(data, changes)
    if layout.photometric == PALETTE:
        return _with_wide_colour_map(data, tags, 3 << layout.bits)
    return data


def deep_gray(data: bytes) -> DeepGray:
    """What the samples mean that Pillow decodes from `repair_tiff(data)`, if they are deep gray."""
    form, tags = first_directory(data)
    layout = read_layout(data, form, tags)
    return DeepGray(
        bits=layout.bits,
        kind={SIGNED: "i", UNSIGNED: "u"}.get(layout.sample_format, "f"),
        white_is_zero=layout.photometric == WHITE_IS_ZERO,
        # libtiff returns samples in native order; Pillow takes them to be in the file's.
        swapped=form.order != _NATIVE_ORDER,
    )


def _missing_lengths(data: bytes, tags: Tags, layout: Layout) -> tuple[int, ...]:
    """The lengths of uncompressed strips for which the file gives none or zero; else nothing."""
    given = next(tags[STRIP_LENGTHS].values(data)) if STRIP_LENGTHS in tags else 0
    if given or STRIP_OFFSETS not in tags or layout.compression != UNCOMPRESSED:
        return ()
    if layout.photometric == YCBCR:  # subsampled colour takes fewer bytes
        return ()
    width, height = single_value(data, tags, WIDTH), single_value(data, tags, HEIGHT)
    rows = single_value(data, tags, ROWS_PER_STRIP) or height
    planes, samples = (layout.samples, 1) if layout.planar == 2 else (1, layout.samples)
    row_bytes = -(-width * samples * layout.bits // 8)
    plane = tuple(min(rows, height - top) * row_bytes for top in range(0, height, rows))
    return plane * planes


def _with_wide_colour_map(data: bytes, tags: Tags, size: int) -> bytes:
    """`data` with 16-bit values in its colour map; some writers store values of eight bits."""
    colour_map = tags.get(COLOUR_MAP)
    if colour_map is None or colour_map.number != size or not colour_map.code.endswith("H"):
        return data
    values = list(colour_map.values(data))
    if max(values) >= _BYTE_VALUES:
        return data
    order = colour_map.code[0]
    wide = struct.pack(f"{order}{len(values)}H", *(value * _FULL_VALUE for value in values))
    return data[: colour_map.offset] + wide + data[colour_map.offset + len(wide) :]
