"""TIFF files of any layout, built from their samples (TIFF 6.0, and BigTIFF)."""

from __future__ import annotations

import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.engine.builders import encoded

Samples = NDArray[Any]

TILE = 16
NONE, LZW, JPEG, DEFLATE, PACKBITS = 1, 5, 7, 8, 32773
LZMA, WEBP = 34925, 50001


@dataclass(frozen=True)
class Layout:
    """How the samples of a TIFF are stored; the names are those of the specification's tags.

    `sample_format` is 1 for unsigned, 2 for signed and 3 for float samples. `bits` counts for every
    sample of a pixel, `rows` for a strip. `tags` are further tags; one without values is left out.
    """

    photometric: int = 2
    bits: int = 8
    sample_format: int = 1
    planar: int = 1
    compression: int = NONE
    predictor: int = 1
    tiled: bool = False
    order: str = "<"
    extra: tuple[int, ...] = ()
    big: bool = False
    rows: int = 5
    tags: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def build(self, samples: Samples) -> bytes:
        """The file of `samples`, an array of rows, pixels and samples."""
        height, width, count = samples.shape
        blocks = [self._packed(block) for block in self._blocks(samples)]
        if self.tags.get(266) == (2,):
            blocks = [reversed_bits(block) for block in blocks]
        tags: dict[int, tuple[int, ...]] = {
            256: (width,),
            257: (height,),
            258: (self.bits,) * count,
            259: (self.compression,),
            262: (self.photometric,),
            277: (count,),
            284: (self.planar,),
        }
        if self.predictor != 1:
            tags[317] = (self.predictor,)
        if self.extra:
            tags[338] = self.extra
        if self.sample_format != 1:
            tags[339] = (self.sample_format,) * count
        if self.tiled:
            tags |= {322: (TILE,), 323: (TILE,), 324: (), 325: tuple(map(len, blocks))}
        else:
            tags |= {273: (), 278: (self.rows,), 279: tuple(map(len, blocks))}
        tags |= self.tags
        left_out = {tag for tag, values in self.tags.items() if not values}
        tags = {tag: values for tag, values in tags.items() if tag not in left_out}
        return assemble(tags, blocks, self.order, big=self.big)

    def _blocks(self, samples: Samples) -> Iterator[Samples]:
        planes = [samples]
        if self.planar == 2:
            planes = [samples[..., [at]] for at in range(samples.shape[2])]
        for plane in planes:
            if not self.tiled:
                for top in range(0, plane.shape[0], self.rows):
                    yield plane[top : top + self.rows]
                continue
            down, across = (-(-side // TILE) * TILE for side in plane.shape[:2])
            padding = ((0, down - plane.shape[0]), (0, across - plane.shape[1]), (0, 0))
            padded = np.pad(plane, padding, mode="edge")
            for top in range(0, down, TILE):
                for left in range(0, across, TILE):
                    yield padded[top : top + TILE, left : left + TILE]

    def _packed(self, block: Samples) -> bytes:
        """One strip or tile, compressed."""
        if self.compression in (JPEG, WEBP):
            image = Image.fromarray(np.squeeze(block.astype("u1")))
            if self.compression == WEBP:
                return encoded(image, "WEBP", lossless=True, exact=True)
            return encoded(image, "JPEG", quality=100, subsampling=0, keep_rgb=True)
        if self.predictor == 2:
            block = np.concatenate([block[:, :1], np.diff(block, axis=1)], axis=1)
        raw = self._float_rows(block) if self.predictor == 3 else self._rows(block)
        return _COMPRESSED[self.compression](raw)

    def _rows(self, block: Samples) -> bytes:
        if self.bits in (8, 16, 32, 64):
            kind = {1: "u", 2: "i", 3: "f"}[self.sample_format]
            mask = block if kind == "f" else block.astype("i8") & (2**self.bits - 1)
            if kind == "i":
                mask = block
            return mask.astype(f"{self.order}{kind}{self.bits // 8}").tobytes()
        # Samples are packed from the highest bit; each row begins on a byte.
        flat = block.reshape(len(block), -1, 1).astype("u4") >> np.arange(self.bits)[::-1]
        return np.packbits((flat & 1).astype("u1").reshape(len(block), -1), axis=1).tobytes()

    def _float_rows(self, block: Samples) -> bytes:
        """Bytes by significance, differenced (Adobe Photoshop TIFF Technical Note 3)."""
        size, count = self.bits // 8, block.shape[2]
        rows = np.ascontiguousarray(block.astype(f">f{size}")).view("u1")
        shuffled = rows.reshape(len(block), -1, size).transpose(0, 2, 1).reshape(len(block), -1)
        first, rest = shuffled[:, :count], shuffled[:, count:] - shuffled[:, :-count]
        return np.concatenate([first, rest], axis=1).tobytes()


def assemble(
    tags: dict[int, tuple[int, ...]], blocks: list[bytes], order: str = "<", *, big: bool = False
) -> bytes:
    """A file of one directory: `blocks`, then the values of the tags, then the directory.

    The empty tag 273 or 324 becomes the offsets of the blocks. Values are SHORT, LONG if needed.
    """
    head, pointer, count = (16, "Q", "Q") if big else (8, "I", "H")
    body, offsets = bytearray(), []
    for block in blocks:
        offsets.append(head + len(body))
        body += block + bytes(len(block) % 2)
    entries = b""
    inline = 8 if big else 4
    for tag, given in sorted(tags.items()):
        values = given or tuple(offsets)
        long = max(values) > 65_535 or tag in (273, 324)
        packed = struct.pack(f"{order}{len(values)}{'I' if long else 'H'}", *values)
        if len(packed) > inline:
            place = struct.pack(f"{order}{pointer}", head + len(body))
            body += packed + bytes(len(packed) % 2)
        else:
            place = packed.ljust(inline, b"\0")
        entries += struct.pack(f"{order}HH{pointer}", tag, 4 if long else 3, len(values)) + place
    mark = {"<": b"II", ">": b"MM"}[order]
    start = struct.pack(f"{order}{pointer}", head + len(body))
    header = mark + (struct.pack(f"{order}HHH", 43, 8, 0) if big else struct.pack(f"{order}H", 42))
    number = struct.pack(f"{order}{count}", len(tags))
    return header + start + bytes(body) + number + entries + struct.pack(f"{order}{pointer}", 0)


def reversed_bits(raw: bytes) -> bytes:
    """Each byte with its lowest bit first (FillOrder 2)."""
    bits = np.unpackbits(np.frombuffer(raw, np.uint8), bitorder="little")
    return np.packbits(bits).tobytes()


def _packbits(raw: bytes) -> bytes:
    """Literal runs only."""
    runs = (raw[at : at + 128] for at in range(0, len(raw), 128))
    return b"".join(bytes([len(run) - 1]) + run for run in runs)


def _lzw(raw: bytes) -> bytes:
    """Nine-bit codes only: the table is cleared before it grows (TIFF 6.0, section 13)."""
    codes = [256]
    for at in range(0, len(raw), 200):
        codes += [*raw[at : at + 200], 256]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


_COMPRESSED: dict[int, Callable[[bytes], bytes]] = {
    NONE: bytes,
    LZW: _lzw,
    DEFLATE: zlib.compress,
    PACKBITS: _packbits,
    LZMA: lzma.compress,
}
