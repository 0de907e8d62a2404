"""Reducing a picture to the colours of a palette: variance cuts, refined by k-means.

All sums are of whole numbers, so that every processor finds the same palette.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from image_processor.engine.interruption import stop_if_requested
from image_processor.engine.pixels.strips import strips

Colours = NDArray[np.int64]  # one row for each colour: red, green, blue
Numbers = NDArray[np.int64]
Keys = NDArray[np.uint32]

# A picture of more colours is reduced to cells of 4 x 4 x 4 colours first.
_MAX_EXACT = 16_384
_CELL_BITS = 6
_CELLS = 2 ** (3 * _CELL_BITS)
_REFINEMENTS = 3
# Products of so few rows stay in the cache and in one thread.
_ROWS = 256


@dataclass(frozen=True, slots=True)
class _Histogram:
    """The colours of a picture: the key, the mean colour and the number of pixels of each cell.

    `exact`: each cell is one colour.
    """

    keys: Keys
    colours: Colours
    counts: Numbers
    exact: bool


def reduce_colours(image: Image.Image, count: int) -> Image.Image:
    """`image` (`RGB`) in mode `P` with at most `count` colours; with the same pixels if it has no
    more.
    """
    histogram = _count_colours(image)
    palette = histogram.colours
    if len(palette) > count:
        palette = _choose_palette(histogram, count)
    table = np.zeros(2**24 if histogram.exact else _CELLS, np.uint8)
    table[histogram.keys] = _nearest(histogram.colours, palette)
    indexed = Image.new("P", image.size)
    indexed.putpalette(palette.astype(np.uint8).tobytes())
    for top, bottom in strips(*image.size):
        keys = _keys(image, top, bottom, exact=histogram.exact)
        indexed.paste(Image.fromarray(table[keys]), (0, top))
    return indexed


def _count_colours(image: Image.Image) -> _Histogram:
    stop_if_requested()
    counted = image.getcolors(_MAX_EXACT)
    if counted is not None:
        colours = np.array([colour for _, colour in counted], np.int64)
        counts = np.array([number for number, _ in counted], np.int64)
        keys = (colours @ [1, 2**8, 2**16]).astype(np.uint32)
        # The lightest first: Pillow reads a GIF that begins with all grays in order as gray, and
        # loses the colours of later frames.
        order = np.argsort(keys)[::-1]
        return _Histogram(keys[order], colours[order], counts[order], exact=True)
    counts = np.zeros(_CELLS, np.int64)
    sums = np.zeros((3, _CELLS))
    for top, bottom in strips(*image.size):
        cells = _keys(image, top, bottom, exact=False).ravel()
        counts += np.bincount(cells, minlength=_CELLS)
        samples = np.asarray(image.crop((0, top, image.width, bottom))).reshape(-1, 3)
        for channel, total in zip(samples.T, sums, strict=True):
            total += np.bincount(cells, channel, _CELLS)
    (used,) = np.nonzero(counts)
    means = (sums[:, used].astype(np.int64) + counts[used] // 2) // counts[used]
    return _Histogram(used.astype(np.uint32), means.T.copy(), counts[used], exact=False)


def _keys(image: Image.Image, top: int, bottom: int, *, exact: bool) -> Keys:
    """The number of the colour, or of the cell, of each pixel in a strip."""
    strip = image.crop((0, top, image.width, bottom))
    samples = np.frombuffer(strip.tobytes("raw", "RGBX"), "<u4").reshape(strip.height, strip.width)
    if exact:
        return (samples & 0xFFFFFF).astype(np.uint32, copy=False)
    cells = samples >> 2 & 0x3F | samples >> 4 & 0xFC0 | samples >> 6 & 0x3F000
    return cells.astype(np.uint32, copy=False)


def _choose_palette(histogram: _Histogram, count: int) -> Colours:
    colours, counts = histogram.colours, histogram.counts
    places = _cut(colours, counts, count)
    for _ in range(_REFINEMENTS):
        stop_if_requested()
        places = _nearest(colours, _round(_means(colours, counts, places)))
    return _round(_means(colours, counts, places))


def _cut(colours: Colours, counts: Numbers, count: int) -> Numbers:
    """The box, of `count` boxes, of each of more than `count` colours.

    Each round cuts the half of the boxes with the larger errors in two, across their longest axes.
    """
    boxes = np.zeros(len(colours), np.int64)
    number = 1
    while number < count:
        means = _means(colours, counts, boxes)
        errors = _sums((colours - _round(means)[boxes]) ** 2, counts, boxes)
        by_error = np.argsort(-errors.sum(axis=1), kind="stable")
        largest = by_error[: min((number + 1) // 2, count - number)]
        largest = largest[errors[largest].any(axis=1)]
        halves = np.full(number, -1)
        halves[largest] = range(number, number + len(largest))
        axes = errors.argmax(axis=1)
        values = np.take_along_axis(colours - means[boxes], axes[boxes, None], axis=1)[:, 0]
        moved = (halves[boxes] >= 0) & (values > 0)
        boxes[moved] = halves[boxes[moved]]
        number += len(largest)
    return boxes


def _means(colours: Colours, counts: Numbers, places: Numbers) -> NDArray[np.float64]:
    """The mean colour of each place that is used."""
    totals = np.bincount(places, counts)
    used = totals > 0
    return _sums(colours, counts, places)[used] / totals[used, None]


def _round(means: NDArray[np.float64]) -> Colours:
    return np.rint(means).astype(np.int64)


def _sums(values: Colours, counts: Numbers, places: Numbers) -> Colours:
    """The sums of whole numbers at each place, which are exact as floats."""
    sums = [np.bincount(places, counts * channel) for channel in values.T]
    return np.array(sums).T.astype(np.int64)


def _nearest(colours: Colours, palette: Colours) -> NDArray[np.intp]:
    """The place in `palette` of the colour nearest to each of `colours`.

    The squared distance without the part that is the same for every place. Its whole numbers are
    small enough to be exact as floats.
    """
    terms = np.vstack([-2 * palette.T, (palette**2).sum(axis=1)]).astype(np.float32)
    points = np.hstack([colours, np.ones((len(colours), 1), np.int64)]).astype(np.float32)
    places = np.empty(len(colours), np.intp)
    for start in range(0, len(colours), _ROWS):
        rows = slice(start, start + _ROWS)
        places[rows] = (points[rows] @ terms).argmin(axis=1)
    return places
