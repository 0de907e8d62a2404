"""PNG: the colour space by cICP, sRGB, gAMA and cHRM (W3C PNG, third edition, 11.3.2 and 4.3)."""

from __future__ import annotations

import struct
from typing import Any

from image_processor.engine.reading.colour.space import (
    DEFAULT_PEAK,
    SRGB_PRIMARIES,
    UNSPECIFIED,
    ColourSpace,
    Curve,
    Declaration,
    Primaries,
    broken_colour,
    named_primaries,
    named_transfer,
)
from image_processor.engine.reading.formats.png.chunks import read_chunks

# The chunks that matter, and their lengths; a profile may have any.
_LENGTHS = {b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"cLLI": 8, b"mDCV": 24}
_PROFILE = b"iCCP"
_LIGHT_UNITS = 10_000
_MAX_INTENT = 3
_MAX_INTEGER = 2**31 - 1

# A gamma within 5 % of 1/2.2 stands for the curve of sRGB, and primaries this close for those of
# sRGB: programs write both where they mean sRGB.
_GAMMA_TOLERANCE = 0.05
_PRIMARIES_TOLERANCE = 0.005
# Twice the area of the triangle of primaries; that of sRGB is 0.22.
_MIN_GAMUT = 1e-4
# The x and y of white lights, from blue skies to candles, lie between these.
_WHITES = (0.2, 0.47)


def png_colour(data: bytes) -> Declaration:
    """The colour space of a PNG: cICP takes precedence over an ICC profile, and that over the rest.

    sRGB takes precedence over gAMA and cHRM. As in browsers, cHRM counts only beside gAMA, and an
    invalid gAMA or cHRM invalidates both.
    """
    chunks = _colour_chunks(data)
    warnings: list[dict[str, Any]] = []
    if (body := chunks.get(b"cICP")) is not None:
        space, problem = _from_cicp(body, _peak(chunks))
        if space is not None:
            return Declaration(None if space.is_srgb else space, over_profile=True)
        warnings += [broken_colour(f"cICP with {problem}")] if problem else []
    intent = chunks.get(b"sRGB")
    if intent is not None and intent[0] <= _MAX_INTENT:
        return Declaration(warnings=tuple(warnings))
    problem = "sRGB" if intent is not None else ""
    space, other = _from_gamma(chunks)
    broken = ", ".join(part for part in (problem, other) if part)
    if broken and _PROFILE not in chunks:
        warnings.append(broken_colour(broken))
    return Declaration(space, warnings=tuple(warnings))


def _colour_chunks(data: bytes) -> dict[bytes, bytes]:
    """The first whole chunk of each kind before the palette and the pixels.

    The check of the structure warns of chunks with a wrong length or checksum.
    """
    found: dict[bytes, bytes] = {}
    for chunk in read_chunks(data):
        if chunk.kind in (b"PLTE", b"IDAT"):
            break
        whole = chunk.kind == _PROFILE or chunk.body_bytes == _LENGTHS.get(chunk.kind)
        if whole and chunk.kind not in found and chunk.has_right_checksum(data):
            found[chunk.kind] = chunk.body(data)
    return found


def _from_cicp(body: bytes, peak: float) -> tuple[ColourSpace | None, str]:
    """The colour space of a cICP chunk, or None and what is wrong with it.

    Nothing is wrong with a chunk that leaves the colours unspecified.
    """
    primaries, transfer, matrix, full_range = body
    if matrix != 0:
        return None, f"matrix coefficients {matrix}"
    if full_range > 1:
        return None, f"range {full_range}"
    gamut, curve = named_primaries(primaries), named_transfer(transfer)
    if gamut is None:
        return None, "" if primaries == UNSPECIFIED else f"primaries {primaries}"
    if curve is None:
        return None, "" if transfer == UNSPECIFIED else f"transfer function {transfer}"
    name = f"{gamut[0]} {curve[0]}".strip() + ("" if full_range else ", narrow range")
    return ColourSpace(name, gamut[1], curve[1], peak, bool(full_range)), ""


def _from_gamma(chunks: dict[bytes, bytes]) -> tuple[ColourSpace | None, str]:
    """The colour space of gAMA and cHRM, or None and which of them is invalid."""
    primaries = SRGB_PRIMARIES
    if (body := chunks.get(b"cHRM")) is not None:
        given = _chromaticities(body)
        if given is None:
            return None, "cHRM"
        if any(abs(a - b) > _PRIMARIES_TOLERANCE for a, b in zip(given, primaries, strict=True)):
            primaries = given
    body = chunks.get(b"gAMA")
    if body is None:
        return None, ""
    value = int.from_bytes(body, "big")
    if not 0 < value <= _MAX_INTEGER:
        return None, "gAMA"
    gamma = value / 100_000
    if primaries != SRGB_PRIMARIES:
        return ColourSpace(f"own primaries, gamma {gamma:g}", primaries, Curve(1 / gamma)), ""
    if abs(gamma * 2.2 - 1) <= _GAMMA_TOLERANCE:
        return None, ""
    return ColourSpace(f"gamma {gamma:g}", primaries, Curve(1 / gamma)), ""


def _chromaticities(body: bytes) -> Primaries | None:
    """The primaries of a cHRM chunk; None if they span no colours or their white is none."""
    values = [value / 100_000 for value in struct.unpack(">8I", body)]
    white_x, white_y, red_x, red_y, green_x, green_y, blue_x, blue_y = values
    gamut = (green_x - red_x) * (blue_y - red_y) - (blue_x - red_x) * (green_y - red_y)
    white = all(_WHITES[0] <= value <= _WHITES[1] for value in (white_x, white_y))
    if max(values) > 1 or not white or abs(gamut) < _MIN_GAMUT:
        return None
    return (white_x, white_y, red_x, red_y, green_x, green_y, blue_x, blue_y)


def _peak(chunks: dict[bytes, bytes]) -> float:
    """The brightest light in cd/m²: of the content (cLLI), or of the display it was made on."""
    content, display = chunks.get(b"cLLI", b""), chunks.get(b"mDCV", b"")
    given = int.from_bytes(content[:4], "big") or int.from_bytes(display[16:20], "big")
    return given / _LIGHT_UNITS or DEFAULT_PEAK
