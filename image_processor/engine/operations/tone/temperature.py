"""Temperature: the colour of the light, from cold to warm."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from image_processor.engine.operations.parameters import Change
from image_processor.engine.operations.tone.pointwise import ByTable
from image_processor.engine.pixels import tables
from image_processor.engine.pixels.tables import IDENTITY, Table

# Equal steps in mireds (a million divided by kelvins) look equal. The white of sRGB is D65.
_MIREDS_OF_D65 = 1e6 / 6504
_MIREDS_AT_100 = 96.0


class Temperature(ByTable):
    """Make the light warmer (100: daylight of 4,000 K) or colder (-100: of 17,300 K)."""

    name = "temperature"
    example: ClassVar[dict[str, Any]] = {"amount": 40}

    amount: Change = Field(
        description="Above 0 warmer, below 0 colder, in steps that look equal; 0 changes nothing."
    )

    def tables(self) -> tuple[Table, ...]:
        if self.amount == 0:
            return (IDENTITY,)
        gains, neutral = daylight(self.amount / 100), daylight(0)
        return tuple(tables.gain(one / other) for one, other in zip(gains, neutral, strict=True))


def daylight(warmth: float) -> tuple[float, float, float]:
    """The white of daylight in linear sRGB at a luminance of 1; `warmth` -1 (cold) to 1 (warm).

    The chromaticity is that of the CIE daylight locus (CIE 15:2004, 3.1), which is defined from
    4,000 to 25,000 K.
    """
    kelvin = 1e6 / (_MIREDS_OF_D65 + _MIREDS_AT_100 * warmth)
    if kelvin <= 7000:
        x = 0.244063 + 0.09911e3 / kelvin + 2.9678e6 / kelvin**2 - 4.6070e9 / kelvin**3
    else:
        x = 0.237040 + 0.24748e3 / kelvin + 1.9018e6 / kelvin**2 - 2.0064e9 / kelvin**3
    y = -3.000 * x**2 + 2.870 * x - 0.275
    large_x, large_z = x / y, (1 - x - y) / y
    return (
        3.2406 * large_x - 1.5372 - 0.4986 * large_z,
        -0.9689 * large_x + 1.8758 + 0.0415 * large_z,
        0.0557 * large_x - 0.2040 + 1.0570 * large_z,
    )
