"""AVIF and HEIC: the colour space by the `nclx` box of the primary picture (ISO/IEC 23008-12)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from image_processor.engine.reading.colour.space import (
    DEFAULT_PEAK,
    SRGB_CURVE,
    SRGB_PRIMARIES,
    UNSPECIFIED,
    ColourSpace,
    Declaration,
    broken_colour,
    named_primaries,
    named_transfer,
)

# The codes of BT.709 and its relatives. In photographs, browsers read them as the curve of sRGB.
_VIDEO_TRANSFERS = (1, 6, 14, 15)
_LIGHT_UNITS = 10_000
# An association has at most 15 bits for the index of a property.
_MAX_PROPERTIES = 32_767


class _Box(NamedTuple):
    kind: bytes
    body: bytes


def nclx_colour(data: bytes) -> Declaration:
    """The colour space of the primary picture. An embedded ICC profile takes precedence over it.

    Codes that are not known count as sRGB, each for itself. The decoder has already applied the
    matrix coefficients and the range.
    """
    properties = _primary_properties(data)
    nclx = next((box.body for box in properties if _is_nclx(box)), None)
    if nclx is None:
        return Declaration()
    primaries, transfer = (int.from_bytes(nclx[at : at + 2], "big") for at in (4, 6))
    gamut = named_primaries(primaries)
    curve = ("", SRGB_CURVE) if transfer in _VIDEO_TRANSFERS else named_transfer(transfer)
    problems = [
        f"{what} {code}"
        for what, code, known in (
            ("primaries", primaries, gamut),
            ("transfer function", transfer, curve),
        )
        if known is None and code != UNSPECIFIED
    ]
    gamut_name, colours = gamut or ("sRGB", SRGB_PRIMARIES)
    curve_name, light = curve or ("", SRGB_CURVE)
    name = f"{gamut_name} {curve_name}".strip()
    space = ColourSpace(name, colours, light, _peak(properties))
    warnings = (broken_colour(f"nclx with {', '.join(problems)}"),) if problems else ()
    return Declaration(None if space.is_srgb else space, warnings=warnings)


def _is_nclx(box: _Box) -> bool:
    return box.kind == b"colr" and box.body.startswith(b"nclx") and len(box.body) >= 10


def _boxes(data: bytes) -> Iterator[_Box]:
    """The boxes that `data` consists of, up to the first that is not whole."""
    position = 0
    while position + 8 <= len(data):
        length, header = int.from_bytes(data[position : position + 4], "big"), 8
        if length == 1:
            length, header = int.from_bytes(data[position + 8 : position + 16], "big"), 16
        elif length == 0:
            length = len(data) - position
        if length < header or position + length > len(data):
            return
        kind = data[position + 4 : position + 8]
        # The pixels are not copied.
        yield _Box(kind, b"" if kind == b"mdat" else data[position + header : position + length])
        position += length


def _child(boxes: bytes, kind: bytes, skipped: int = 0) -> bytes:
    """The body of the first box of `kind`, without its first bytes; empty if there is none."""
    return next((box.body[skipped:] for box in _boxes(boxes) if box.kind == kind), b"")


def _primary_properties(data: bytes) -> list[_Box]:
    """The properties that are associated with the primary picture, in their order."""
    meta = _child(data, b"meta", skipped=4)
    primary = _child(meta, b"pitm")
    item = int.from_bytes(primary[4:], "big")
    about = _child(meta, b"iprp")
    properties = list(islice(_boxes(_child(about, b"ipco")), _MAX_PROPERTIES))
    indices = [
        index
        for box in _boxes(about)
        if box.kind == b"ipma"
        for index in _associations(box.body, item)
    ]
    return [properties[index - 1] for index in indices if 0 < index <= len(properties)]


def _associations(body: bytes, item: int) -> list[int]:
    """The indices, from 1, of the properties of `item` in an `ipma` box."""
    id_bytes = 4 if body[:1] > b"\0" else 2
    index_bytes = 2 if int.from_bytes(body[1:4], "big") & 1 else 1
    position = 8
    for _ in range(int.from_bytes(body[4:8], "big")):
        if position >= len(body):
            break
        here = int.from_bytes(body[position : position + id_bytes], "big")
        start = position + id_bytes + 1
        count = int.from_bytes(body[start - 1 : start], "big")
        position = start + count * index_bytes
        if here == item:
            # The highest bit says that the property is essential.
            mask = (1 << (8 * index_bytes - 1)) - 1
            parts = range(start, position, index_bytes)
            return [int.from_bytes(body[at : at + index_bytes], "big") & mask for at in parts]
    return []


def _peak(properties: list[_Box]) -> float:
    """The brightest light in cd/m²: of the content (clli), or of the display it was made on."""
    bodies = {box.kind: box.body for box in properties}
    content = int.from_bytes(bodies.get(b"clli", b"")[:2], "big")
    display = int.from_bytes(bodies.get(b"mdcv", b"")[16:20], "big") / _LIGHT_UNITS
    return content or display or DEFAULT_PEAK
