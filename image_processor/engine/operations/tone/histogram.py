"""Operations that spread the tones that a picture has: auto_contrast, equalize."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Annotated, Any, ClassVar

from PIL import Image
from pydantic import Field

from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels.colour import split_alpha, without_colour
from image_processor.engine.pixels.tables import IDENTITY, Table

Cutoff = Annotated[float, Field(ge=0, le=49, json_schema_extra={"x-unit": "%"})]
Histogram = list[int]


class ByHistogram(Operation):
    """A step with one table for all channels, which depends on how often each value occurs.

    One table keeps colours from shifting. Pixels that are fully transparent do not count; the
    pictures of an animation count together, so that it does not flicker.
    """

    group = Group.TONE
    peak_bytes = (9.0, 14.0)
    looks = True
    work = 0.5

    cutoff: Cutoff = Field(
        default=0.0, description="Part of the darkest and of the brightest that is left out."
    )

    def histogram(self, image: Image.Image) -> Histogram:
        raise NotImplementedError

    def table(self, histogram: Histogram) -> Table:
        raise NotImplementedError

    def apply(self, image: Image.Image) -> Image.Image:
        return self.settled([image]).apply(image)

    def settled(self, images: Sequence[Image.Image]) -> Operation:
        total = [sum(counts) for counts in zip(*map(self.histogram, images), strict=True)]
        return Settled(table=self.table(total))


class Settled(ByTable):
    """A table that has been worked out."""

    table: Table

    def tables(self) -> tuple[Table, ...]:
        return (self.table,)


class AutoContrast(ByHistogram):
    """Stretch the tones so that the darkest becomes black and the brightest white."""

    name = "auto_contrast"
    example: ClassVar[dict[str, Any]] = {"cutoff": 1}

    def histogram(self, image: Image.Image) -> Histogram:
        return counts(image)

    def table(self, histogram: Histogram) -> Table:
        return stretched(histogram, self.cutoff)


class Equalize(ByHistogram):
    """Spread the tones so that each range of brightness takes about as much of the picture."""

    name = "equalize"
    example: ClassVar[dict[str, Any]] = {}

    def histogram(self, image: Image.Image) -> Histogram:
        return counts(without_colour(image))

    def table(self, histogram: Histogram) -> Table:
        return equalized(histogram, self.cutoff)


def counts(image: Image.Image) -> Histogram:
    """How often each of the 256 values occurs in all colour channels together."""
    colours, alpha = split_alpha(image)
    bands = colours.histogram(alpha)
    return [sum(bands[value::256]) for value in range(256)]


def bounds(histogram: Histogram, cutoff: float) -> tuple[int, int] | None:
    """The lowest and highest value when `cutoff` per cent are left out at each end.

    None where there is nothing to spread between them.
    """
    left_out = sum(histogram) * cutoff / 100
    low = next((v for v, n in enumerate(accumulate(histogram)) if n > left_out), 255)
    above = enumerate(accumulate(reversed(histogram)))
    high = next((255 - v for v, n in above if n > left_out), 0)
    return (low, high) if low < high else None


def stretched(histogram: Histogram, cutoff: float) -> Table:
    """What stretches the values between the bounds over the whole range."""
    found = bounds(histogram, cutoff)
    if found is None:
        return IDENTITY
    low, high = found
    return tuple(
        min(255, max(0, round((value - low) * 255 / (high - low)))) for value in range(256)
    )


def equalized(histogram: Histogram, cutoff: float) -> Table:
    """What makes the cumulative histogram between the bounds a straight line."""
    found = bounds(histogram, cutoff)
    if found is None:
        return IDENTITY
    low, high = found
    below = list(accumulate(histogram))
    return tuple(
        round(255 * (below[min(high, max(low, value))] - below[low]) / (below[high] - below[low]))
        for value in range(256)
    )
