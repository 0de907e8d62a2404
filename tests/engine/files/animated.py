"""Animated GIF, PNG and WebP files made frame by frame, with any place, disposal and blending."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests.engine.builders import encoded
from tests.engine.hostile import png_chunk

KEEP, CLEAR, RESTORE = "keep", "clear", "restore"

Colour = tuple[int, int, int, int]
Box = tuple[int, int, int, int]

NOTHING: Colour = (0, 0, 0, 0)


@dataclass(frozen=True)
class Part:
    """A frame: its pixels (height, width, RGBA), and where and how they are drawn.

    `delay` counts in `unit` parts of a second. `over` lays the pixels over what is there; without
    it they replace it. A GIF lays clear pixels over, always.
    """

    pixels: np.ndarray
    left: int = 0
    top: int = 0
    disposal: str = KEEP
    over: bool = True
    delay: int = 10
    unit: int = 100


def plain(colour: Colour, size: tuple[int, int]) -> np.ndarray:
    """Pixels of one colour; `size` is width and height."""
    return np.full((size[1], size[0], 4), colour, dtype=np.uint8)


def gif(size: tuple[int, int], parts: Sequence[Part], *, loop: int | None = 0) -> bytes:
    """A GIF whose frames have colour tables of their own; index 0 is clear where it is used."""
    data = b"GIF89a" + struct.pack("<HHBBB", *size, 0, 0, 0)
    if loop is not None:
        data += b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", loop) + b"\0"
    for part in parts:
        height, width = part.pixels.shape[:2]
        flat = [tuple(int(value) for value in pixel) for pixel in part.pixels.reshape(-1, 4)]
        clear = any(pixel[3] == 0 for pixel in flat)
        colours = sorted({pixel for pixel in flat if pixel[3]})
        table = [NOTHING, *colours] if clear else colours or [NOTHING]
        bits = max(2, (len(table) - 1).bit_length())
        flags = {KEEP: 1, CLEAR: 2, RESTORE: 3}[part.disposal] << 2 | clear
        data += b"\x21\xf9\x04" + struct.pack("<BHBB", flags, part.delay * 100 // part.unit, 0, 0)
        data += b"\x2c" + struct.pack("<4HB", part.left, part.top, width, height, 0x80 | bits - 1)
        data += b"".join(bytes(colour[:3]) for colour in table).ljust(3 << bits, b"\0")
        data += _lzw([0 if pixel[3] == 0 else table.index(pixel) for pixel in flat], bits)
    return data + b"\x3b"


def _lzw(indexes: list[int], bits: int) -> bytes:
    """Sub-blocks of LZW data that never uses the dictionary, so that all codes have one length."""
    clear = 1 << bits
    codes = [clear]
    for place, index in enumerate(indexes, start=1):
        codes += [index, clear] if place % (clear - 2) == 0 else [index]
    codes.append(clear + 1)
    number = sum(code << (bits + 1) * place for place, code in enumerate(codes))
    packed = number.to_bytes(((bits + 1) * len(codes) + 7) // 8, "little")
    blocks = [packed[start : start + 255] for start in range(0, len(packed), 255)]
    return bytes([bits]) + b"".join(bytes([len(b)]) + b for b in blocks) + b"\0"


def apng(
    size: tuple[int, int],
    parts: Sequence[Part],
    *,
    hidden: np.ndarray | None = None,
    loop: int = 0,
) -> bytes:
    """An animated PNG; `hidden` is a picture for viewers that do not animate, which is no frame."""
    header = struct.pack(">IIBBBBB", *size, 8, 6, 0, 0, 0)
    chunks = [png_chunk(b"IHDR", header), png_chunk(b"acTL", struct.pack(">II", len(parts), loop))]
    if hidden is not None:
        chunks.append(png_chunk(b"IDAT", _scanlines(hidden)))
    number = 0
    for index, part in enumerate(parts):
        height, width = part.pixels.shape[:2]
        place = (number, width, height, part.left, part.top)
        disposal = {KEEP: 0, CLEAR: 1, RESTORE: 2}[part.disposal]
        control = struct.pack(">5IHHBB", *place, part.delay, part.unit, disposal, part.over)
        chunks.append(png_chunk(b"fcTL", control))
        number += 1
        if index == 0 and hidden is None:
            chunks.append(png_chunk(b"IDAT", _scanlines(part.pixels)))
        else:
            body = struct.pack(">I", number) + _scanlines(part.pixels)
            chunks.append(png_chunk(b"fdAT", body))
            number += 1
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + png_chunk(b"IEND", b"")


def webp(size: tuple[int, int], parts: Sequence[Part], flags: int) -> bytes:
    """An animated WebP of opaque frames; `flags` go into its header, such as 16 for alpha."""
    body = struct.pack("<IB3x", 10, 2 | flags) + _three(size[0] - 1) + _three(size[1] - 1)
    body = b"VP8X" + body + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    for part in parts:
        height, width = part.pixels.shape[:2]
        picture = encoded(Image.fromarray(part.pixels).convert("RGB"), "WEBP", lossless=True)[12:]
        place = (
            part.left // 2,
            part.top // 2,
            width - 1,
            height - 1,
            1000 * part.delay // part.unit,
        )
        frame = b"".join(map(_three, place)) + bytes([part.disposal == CLEAR]) + picture
        body += b"ANMF" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _three(value: int) -> bytes:
    """`value` in three bytes."""
    return struct.pack("<I", value)[:3]


def _scanlines(pixels: np.ndarray) -> bytes:
    return zlib.compress(b"".join(b"\0" + row.tobytes() for row in pixels))
