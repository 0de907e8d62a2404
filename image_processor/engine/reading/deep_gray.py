"""Gray samples of more than eight bits, reduced to eight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from image_processor.engine.pixels.strips import strips
from image_processor.engine.reading.integrity.structure import unsupported

NOT_FINITE = {
    "code": "samples_not_finite",
    "detail": "Some samples of the image are infinite or not a number. They became black or white.",
}


class DeepGray(NamedTuple):
    """What the samples of Pillow's modes `I;16`, `I` and `F` mean.

    `kind` is "u" for unsigned, "i" for signed and "f" for float samples of `bits` bits. `swapped`
    samples have the wrong byte order in the modes `I` and `F`.
    """

    bits: int = 16
    kind: str = "u"
    white_is_zero: bool = False
    swapped: bool = False

    @classmethod
    def of_mode(cls, mode: str) -> DeepGray:
        """The samples of a file that says nothing beyond Pillow's `mode`."""
        return cls(32, "f") if mode == "F" else cls(32, "i") if mode == "I" else cls()


def is_deep_gray(mode: str) -> bool:
    return mode in ("I", "F") or mode.startswith("I;")


def to_eight_bits(image: Image.Image, deep: DeepGray) -> tuple[Image.Image, bool]:
    """Deep gray samples scaled to eight bits, never clipped; and whether all of them are finite.

    The range of unsigned samples is 0 to 2**bits - 1. Signed samples and floats have no fixed
    range: the smallest finite sample becomes black and the largest becomes white. A sample that is
    not a number becomes black. Raises UnsupportedFormat if no sample is finite.
    """
    low, high, finite = 0.0, float(2**deep.bits - 1), True
    if deep.kind != "u":
        low, high, finite = _range(image, deep)
    scale = 255.0 / (high - low) if high > low else 0.0
    levels = np.empty((image.height, image.width), np.uint8)
    for top, samples in _bands(image, deep):
        with np.errstate(invalid="ignore"):  # infinity minus infinity, and zero times infinity
            band = (samples.astype(np.float64) - low) * scale
        if deep.white_is_zero:
            band = 255.0 - band
        band = np.nan_to_num(band, nan=0.0, posinf=255.0, neginf=0.0)
        levels[top : top + len(band)] = np.rint(band)
    return Image.fromarray(levels), finite


def _range(image: Image.Image, deep: DeepGray) -> tuple[float, float, bool]:
    """The smallest and the largest finite sample, and whether all samples are finite."""
    lows, highs, finite = [], [], True
    for _, samples in _bands(image, deep):
        if deep.kind == "f" and not np.isfinite(samples).all():
            samples, finite = samples[np.isfinite(samples)], False
        if samples.size:
            lows.append(float(samples.min()))
            highs.append(float(samples.max()))
    if not lows:
        raise unsupported("A picture without a finite sample")
    return min(lows), max(highs), finite


def _bands(image: Image.Image, deep: DeepGray) -> Iterator[tuple[int, NDArray[Any]]]:
    """The samples in bands of rows, each with its top row: a copy of all would cost memory."""
    for top, bottom in strips(*image.size):
        yield top, _samples(np.asarray(image.crop((0, top, image.width, bottom))), deep)


def _samples(values: NDArray[Any], deep: DeepGray) -> NDArray[Any]:
    if values.dtype.itemsize != 4:
        return values
    if deep.bits == 16:
        values = values.astype(np.int16)
    if deep.swapped:
        values = values.byteswap()
    return values.view(np.uint32) if deep.kind == "u" and deep.bits == 32 else values
