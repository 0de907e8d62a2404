"""Colour spaces by their primaries and transfer function (ITU-T H.273, tables 2 and 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple


class Curve(NamedTuple):
    """A transfer function for SDR: the light (0..1) of a level x (0..1).

    It is `slope * x` below `limit`, and `(scale * x + shift) ** exponent` from there on.
    """

    exponent: float
    scale: float = 1.0
    shift: float = 0.0
    slope: float = 0.0
    limit: float = 0.0


SRGB_CURVE = Curve(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
# Video of BT.709 and its relatives is made for the display of BT.1886.
_BT1886_CURVE = Curve(2.4)

Transfer = Curve | Literal["PQ", "HLG"]

# The x and y of white, red, green and blue (CIE 1931).
Primaries = tuple[float, float, float, float, float, float, float, float]

_D65 = (0.3127, 0.3290)
_C = (0.310, 0.316)
SRGB_PRIMARIES: Primaries = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
BT2020_PRIMARIES: Primaries = (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046)
_SMPTE_170M: Primaries = (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070)

# By their code in H.273: a name, and the primaries.
_PRIMARIES: dict[int, tuple[str, Primaries]] = {
    1: ("sRGB", SRGB_PRIMARIES),
    4: ("BT.470 M", (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08)),
    5: ("BT.470 BG", (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06)),
    6: ("BT.601", _SMPTE_170M),
    7: ("SMPTE 240M", _SMPTE_170M),
    8: ("generic film", (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049)),
    9: ("BT.2020", BT2020_PRIMARIES),
    10: ("CIE XYZ", (1 / 3, 1 / 3, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0)),
    11: ("DCI-P3", (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)),
    12: ("Display P3", (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)),
    22: ("EBU 3213", (*_D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077)),
}
_TRANSFERS: dict[int, tuple[str, Transfer]] = {
    1: ("BT.709", _BT1886_CURVE),
    4: ("gamma 2.2", Curve(2.2)),
    5: ("gamma 2.8", Curve(2.8)),
    6: ("BT.709", _BT1886_CURVE),
    7: ("SMPTE 240M", Curve(1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4, 4 * 0.0228)),
    8: ("linear", Curve(1.0)),
    11: ("BT.709", _BT1886_CURVE),
    13: ("", SRGB_CURVE),
    14: ("BT.709", _BT1886_CURVE),
    15: ("BT.709", _BT1886_CURVE),
    16: ("PQ", "PQ"),
    17: ("ST 428", Curve(2.6, (52.37 / 48) ** (1 / 2.6))),
    18: ("HLG", "HLG"),
}
UNSPECIFIED = 2

# The peak of content that does not say how bright it is.
DEFAULT_PEAK = 1000.0


@dataclass(frozen=True, slots=True)
class ColourSpace:
    """What the samples of a file stand for. `peak` is the brightest light of HDR content in cd/m².

    Without `full_range`, black is level 16 of 255 and white is level 235.
    """

    name: str
    primaries: Primaries
    transfer: Transfer
    peak: float = DEFAULT_PEAK
    full_range: bool = True

    @property
    def is_srgb(self) -> bool:
        named = self.primaries == SRGB_PRIMARIES and self.transfer == SRGB_CURVE
        return named and self.full_range


class Declaration(NamedTuple):
    """The colour space that a file declares; None if it declares none, or sRGB.

    `over_profile`: it takes precedence over an embedded ICC profile. `warnings` are dicts with
    `code` and `detail`.
    """

    space: ColourSpace | None = None
    over_profile: bool = False
    warnings: tuple[dict[str, Any], ...] = ()

    def name_beside(self, *, profile: bool) -> str | None:
        """The name of the space; None if it is not used, in a file with or without a `profile`."""
        used = self.space is not None and (self.over_profile or not profile)
        return self.space.name if self.space is not None and used else None


def undeclared(data: bytes) -> Declaration:
    """The declaration of a format that has no means but ICC profiles."""
    return Declaration()


def broken_colour(what: str) -> dict[str, Any]:
    """The warning about colour information that is not valid."""
    detail = f"The colour information of the file is not valid: {what}. It was ignored."
    return {"code": "broken_profile", "detail": detail}


def named_primaries(code: int) -> tuple[str, Primaries] | None:
    """Name and primaries of an H.273 code; None for a reserved or unspecified one."""
    return _PRIMARIES.get(code)


def named_transfer(code: int) -> tuple[str, Transfer] | None:
    """Name and transfer function of an H.273 code; None for an unspecified or unknown one."""
    return _TRANSFERS.get(code)
