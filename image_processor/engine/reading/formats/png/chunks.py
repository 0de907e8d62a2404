"""PNG: the chunks of a file up to its end (W3C PNG, third edition, section 5)."""

from __future__ import annotations

import zlib
from typing import NamedTuple

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import check_parts, truncated


class Chunk(NamedTuple):
    """A chunk: its type, and where its length field and the chunk behind it start."""

    kind: bytes
    start: int
    end: int

    @property
    def name(self) -> str:
        return self.kind.decode("ascii")

    @property
    def ancillary(self) -> bool:
        """Whether the picture can be shown without the chunk."""
        return bool(self.kind[0] & 0x20)

    @property
    def body_bytes(self) -> int:
        return self.end - self.start - 12

    def body(self, data: bytes) -> bytes:
        return data[self.start + 8 : self.end - 4]

    def has_right_checksum(self, data: bytes) -> bool:
        checked = memoryview(data)[self.start + 4 : self.end - 4]
        return zlib.crc32(checked).to_bytes(4, "big") == data[self.end - 4 : self.end]


def read_chunks(data: bytes) -> list[Chunk]:
    """The chunks up to IEND, or up to a rest that is no chunk or is cut off.

    Raises InvalidImage if that rest holds pixels, and for a file of very many tiny chunks.
    """
    chunks: list[Chunk] = []
    position = 8
    while position + 8 <= len(data):
        kind = data[position + 4 : position + 8]
        if not kind.isalpha():
            break
        chunk = Chunk(kind, position, position + 12 + int.from_bytes(data[position : position + 4]))
        if chunk.end > len(data):
            if not chunk.ancillary and kind != b"IEND":
                raise truncated(f"the PNG chunk {chunk.name}", chunk.end, len(data))
            break
        chunks.append(chunk)
        check_parts(len(chunks), len(data), "chunks")
        if kind == b"IHDR" and position != 8:
            raise InvalidImage("The PNG file has more than one image header.")
        if kind == b"IEND":
            break
        position = chunk.end
    return chunks
