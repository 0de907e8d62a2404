"""Operations that spread the tones of a picture: a table computed from the histogram."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from itertools import accumulate
from typing import Annotated

from PIL import Image
from pydantic import Field

from image_processor.engine.operations.base import Group, Operation
from image_processor.engine.operations.capabilities import ContentDependent
from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels.alpha import split_alpha
from image_processor.engine.pixels.tables import Table

Cutoff = Annotated[float, Field(ge=0, le=49, json_schema_extra={"x-unit": "%"})]
Histogram = list[int]  # the count of each of the 256 values


class ByHistogram(Operation, ContentDependent):
    """An operation whose table, one for all channels, is computed from the histogram.

    One table keeps the colours from shifting. Fully transparent pixels do not count. The frames
    of an animation share one histogram, so that the animation does not flicker.
    """

    group = Group.TONE
    peak_bytes = (9.0, 14.0)
    work = 0.5

    cutoff: Cutoff = Field(
        default=0.0, description="Share of the darkest and of the brightest values to ignore."
    )

    @abstractmethod
    def histogram(self, image: Image.Image) -> Histogram:
        """The histogram that `table` needs."""

    @abstractmethod
    def table(self, histogram: Histogram) -> Table:
        """The lookup table for all channels."""

    def apply(self, image: Image.Image) -> Image.Image:
        return self.resolve([image]).apply(image)

    def resolve(self, images: Sequence[Image.Image]) -> Operation:
        total = [sum(counts) for counts in zip(*map(self.histogram, images), strict=True)]
        return FixedTable(table=self.table(total))


class FixedTable(ByTable):
    """A table that has been computed."""

    name = "table"
    table: Table

    def tables(self) -> tuple[Table, ...]:
        return (self.table,)


def count_values(image: Image.Image) -> Histogram:
    """How often each of the 256 values occurs in all colour channels together."""
    colours, alpha = split_alpha(image)
    bands = colours.histogram(alpha)
    return [sum(bands[value::256]) for value in range(256)]


def value_range(histogram: Histogram, cutoff: float) -> tuple[int, int] | None:
    """The lowest and highest value without the `cutoff` per cent at each end.

    None if no two values are left.
    """
    ignored = sum(histogram) * cutoff / 100
    low = next((v for v, n in enumerate(accumulate(histogram)) if n > ignored), 255)
    above = enumerate(accumulate(reversed(histogram)))
    high = next((255 - v for v, n in above if n > ignored), 0)
    return (low, high) if low < high else None
