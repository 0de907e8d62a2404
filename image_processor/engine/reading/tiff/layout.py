"""How the samples of a TIFF are stored, and which layouts are read (TIFF 6.0, sections 3 to 23).

Pillow opens more layouts than it reads rightly: a file of the others would decode to a wrong
picture, or not at all. The tests compare every layout of the tables with the samples it was made
of.
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from image_processor.engine.reading.integrity.structure import unsupported
from image_processor.engine.reading.tiff.directory import Form, Tags
from image_processor.engine.reading.tiff.names import (
    COMPRESSIONS,
    PHOTOMETRICS,
    describe_samples,
)

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8
UNSIGNED, SIGNED, FLOAT = 1, 2, 3
WIDTH, HEIGHT, STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_LENGTHS = 256, 257, 273, 278, 279
BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER, SAMPLES, PLANAR = 258, 259, 262, 266, 277, 284
PREDICTOR, COLOUR_MAP, INK_SET, EXTRA, SAMPLE_FORMAT = 317, 320, 332, 338, 339

UNCOMPRESSED, _FAX, _JPEG = 1, (2, 3, 4), 7
# LZW, Deflate (two codes), LZMA and Zstandard apply a predictor.
_PREDICTED = (5, 8, 32946, 34925, 50000)
_COMPRESSIONS = (UNCOMPRESSED, *_FAX, _JPEG, 32773, *_PREDICTED)

_COLOURS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, CMYK: 4, YCBCR: 3, LAB: 3}

_PREMULTIPLIED = 1
# No layout with as many samples a pixel is read.
_MAX_SAMPLES = 8

_Extra = tuple[int, ...]
_ONLY_COLOURS: tuple[_Extra, ...] = ((),)
_DEEP_GRAY = [(1, 12), (1, 16), (1, 32), (2, 16), (2, 32), (3, 32)]
# The kinds of extra samples: 0 unspecified, 1 premultiplied alpha, 2 alpha; 999 is Corel's alpha.
_RGB_EXTRA = tuple((first, *(0,) * more) for first in (0, 1, 2) for more in range(3))

# Photometric interpretation, sample format and bits -> extra samples.
_READ: dict[tuple[int, int, int], tuple[_Extra, ...]] = {
    **{(gray, 1, bits): _ONLY_COLOURS for gray in (0, 1) for bits in (1, 2, 4, 8)},
    **{(gray, *deep): _ONLY_COLOURS for gray in (0, 1) for deep in _DEEP_GRAY},
    (BLACK_IS_ZERO, UNSIGNED, 8): ((), (0,), (1,), (2,)),
    (RGB, UNSIGNED, 8): ((), (999,), *_RGB_EXTRA),
    (RGB, UNSIGNED, 16): ((), (0,), (1,), (2,)),
    **{(PALETTE, UNSIGNED, bits): _ONLY_COLOURS for bits in (1, 2, 4)},
    (PALETTE, UNSIGNED, 8): ((), (0,), (2,)),
    (CMYK, UNSIGNED, 8): ((), (0,), (0, 0)),
    (CMYK, UNSIGNED, 16): _ONLY_COLOURS,
    (YCBCR, UNSIGNED, 8): _ONLY_COLOURS,
    (LAB, UNSIGNED, 8): _ONLY_COLOURS,
}


class Layout(NamedTuple):
    """The layout of the first page. `bits` and `sample_format` are 0 if the samples differ."""

    order: str
    photometric: int
    bits: int
    sample_format: int
    samples: int
    extra: tuple[int, ...]
    planar: int
    compression: int
    predictor: int
    inks: int
    fill_order: int

    @property
    def description(self) -> str:
        return describe_samples(*self[1:6])


def read_layout(data: bytes, form: Form, tags: Tags) -> Layout:
    """The layout that the tags of a directory announce, with the defaults of the specification."""

    def first(name: int, default: int) -> int:
        return next(tags[name].values(data)) if name in tags else default

    def same(name: int) -> int:
        if name not in tags:
            return 1
        found = set(islice(tags[name].values(data), min(samples, _MAX_SAMPLES)))
        return found.pop() if len(found) == 1 else 0

    samples = first(SAMPLES, 1)
    return Layout(
        order=form.order,
        # The tag is required. Files without it are mostly facsimiles, which are white at zero.
        photometric=first(PHOTOMETRIC, WHITE_IS_ZERO),
        bits=same(BITS),
        sample_format=same(SAMPLE_FORMAT),
        samples=samples,
        extra=tuple(islice(tags[EXTRA].values(data), _MAX_SAMPLES)) if EXTRA in tags else (),
        planar=first(PLANAR, 1),
        compression=first(COMPRESSION, UNCOMPRESSED),
        predictor=first(PREDICTOR, 1),
        inks=first(INK_SET, 1),
        fill_order=first(FILL_ORDER, 1),
    )


def check_layout(layout: Layout) -> None:
    """Raise UnsupportedFormat, which names the trait, for a layout that is not read rightly."""
    trait = _unread_trait(layout)
    if trait:
        raise unsupported(f"TIFF with {trait}")


def _unread_trait(layout: Layout) -> str | None:
    if layout.compression not in _COMPRESSIONS:
        name = COMPRESSIONS.get(layout.compression)
        return f"{name} compression" if name else f"compression {layout.compression}"
    if layout.photometric not in _COLOURS:
        name = PHOTOMETRICS.get(layout.photometric)
        return name or f"photometric interpretation {layout.photometric}"
    if layout.photometric == CMYK and layout.inks != 1:
        return "inks other than CMYK"
    extra = _READ.get((layout.photometric, layout.sample_format, layout.bits), ())
    surplus = layout.samples - _COLOURS[layout.photometric]
    # A fourth sample of RGB that no tag explains is alpha, as writers have it.
    unexplained = layout.photometric == RGB and surplus == 1 and not layout.extra
    if layout.extra not in extra or not (unexplained or surplus == len(layout.extra)):
        return layout.description
    return _unread_packing(layout)


def _unread_packing(layout: Layout) -> str | None:
    """The trait in how the samples are packed, which are of a kind that is read."""
    if layout.bits == 12 and layout.order == ">":
        return f"big-endian {layout.description}"
    if layout.fill_order != 1 and not _reversed_bits_read(layout):
        return f"fill order {layout.fill_order} for {layout.description}"
    if layout.planar not in (1, 2):
        return f"planar configuration {layout.planar}"
    if layout.planar == 2 and layout.samples > 1 and not _planes_read(layout):
        return f"{layout.description} in separate planes"
    if layout.compression in _FAX and (layout.bits, layout.samples) != (1, 1):
        return f"facsimile compression of {layout.description}"
    if layout.compression == _JPEG and layout.bits != 8:
        return f"JPEG compression of {layout.description}"
    if layout.compression in _PREDICTED and not _predictor_read(layout):
        return f"predictor {layout.predictor} for {layout.description}"
    return None


def _planes_read(layout: Layout) -> bool:
    # Pillow copies each plane as it is: it neither converts nor un-premultiplies.
    return layout.photometric in (RGB, CMYK) and _PREMULTIPLIED not in layout.extra


def _reversed_bits_read(layout: Layout) -> bool:
    plain = layout.bits <= 8 and layout.photometric <= PALETTE and not layout.extra
    return layout.fill_order == 2 and plain


def _predictor_read(layout: Layout) -> bool:
    return (
        layout.predictor == 1
        or (layout.predictor == 2 and layout.bits in (8, 16, 32))
        or (layout.predictor == 3 and layout.sample_format == FLOAT)
    )
