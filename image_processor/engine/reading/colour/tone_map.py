"""Light of HDR pictures, and its tone mapping to a display without HDR.

PQ and HLG are those of ITU-R BT.2100. The tone mapping is the Reference White Tone Mapping Operator
(SMPTE ST 2094-50, annex C; recommended by ISO 22028-5), which browsers use as well: one gain for
all three channels, from the largest of them, in the primaries of BT.2020.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

# HDR reference white in cd/m² (ITU-R BT.2408).
_REFERENCE_WHITE = 203.0
_PQ_PEAK = 10_000.0
_HLG_PEAK = 1000.0
_HLG_GAMMA = 1.2
_LUMINANCE = (0.2627, 0.6780, 0.0593)

# The headroom, in stops above the reference white, at which that white gets half of the light.
_FULL_HEADROOM = np.log2(1000.0 / _REFERENCE_WHITE)
_MAX_HEADROOM = 6.0
_KAPPA = 0.65


def pq_light(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """The light of PQ levels (0..1), where 1.0 is the reference white (BT.2100, table 4)."""
    root = levels ** (1 / 78.84375)
    light = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
    return np.asarray(light ** (1 / 0.1593017578125) * (_PQ_PEAK / _REFERENCE_WHITE))


def hlg_scene_light(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """The light of a scene, 0..1, by HLG levels (0..1): the inverse OETF (BT.2100, table 5)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(levels <= 0.5, levels**2 / 3, (np.exp((levels - c) / a) + b) / 12)


def show_hlg(planes: list[Plane]) -> list[Plane]:
    """The light of a display of 1,000 cd/m² for a scene's light: the OOTF of BT.2100, table 5.

    1.0 is the reference white.
    """
    luminance = sum(weight * plane for weight, plane in zip(_LUMINANCE, planes, strict=True))
    bright = np.maximum(luminance, 0)
    gain = np.power(bright, np.float32(_HLG_GAMMA - 1)) * (_HLG_PEAK / _REFERENCE_WHITE)
    return [plane * gain.astype(np.float32) for plane in planes]


def map_tones(planes: list[Plane], peak: float) -> list[Plane]:
    """Linear BT.2020 red, green and blue, 1.0 being the reference white, in the range of SDR.

    `peak` is the brightest light of the content in cd/m². The reference white becomes half of the
    light of SDR white if the peak is 1,000 cd/m² or more. The peak becomes SDR white.
    """
    largest = np.maximum(np.maximum(planes[0], planes[1]), planes[2])
    gain = _gain(largest, peak)
    return [plane * gain for plane in planes]


def _gain(light: Plane, peak: float) -> Plane:
    """The gain for a largest channel of `light`: formulas C.2 to C.5, solved for the light.

    Above the reference white, the curve is a quadratic Bézier curve of (light, mapped light).
    """
    headroom = min(max(float(np.log2(peak / _REFERENCE_WHITE)), 0.0), _MAX_HEADROOM)
    if headroom == 0:
        return np.ones_like(light)
    brightest = 2.0**headroom
    white = 1 - 0.5 * min(headroom / _FULL_HEADROOM, 1.0)
    middle = (1 - _KAPPA) + _KAPPA / white
    mapped_middle = (1 - _KAPPA) * white + _KAPPA
    bent = np.clip(light, 1.0, brightest)
    a, b = 1 - 2 * middle + brightest, 2 * middle - 2
    t = 2 * (bent - 1) / (b + np.sqrt(b * b + 4 * a * (bent - 1)))
    mapped = white + t * (2 * (mapped_middle - white) + t * (white - 2 * mapped_middle + 1))
    gain = np.where(light <= 1.0, white, mapped / np.maximum(light, 1.0))
    return np.asarray(gain, dtype=np.float32)
