"""GIF: the blocks of a file, one after the other (GIF89a specification)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import unpack

# A file may also end without a trailer, in the middle of a block, or with other bytes behind it.
IMAGE, EXTENSION, TRAILER, CUT, REST = 0x2C, 0x21, 0x3B, -1, -2
GRAPHIC_CONTROL, COMMENT = 0xF9, 0xFE

# Sub-blocks are read one by one. They may have 255 bytes, and all but the last of a chain mostly
# have as many.
_MAX_SUB_BLOCKS = 1_000_000
_MIN_MEAN_BYTES = 16


class Block(NamedTuple):
    """A block: its kind, where it starts, and where the block behind it starts.

    `label` tells extensions apart. `CUT` and `REST` start where no whole block follows.
    """

    kind: int
    start: int
    end: int
    label: int = 0


def read_blocks(data: bytes) -> Iterator[Block]:
    """The blocks behind the header up to the trailer, or up to `CUT` or `REST`.

    Raises InvalidImage for a file of very many tiny sub-blocks.
    """
    (flags,) = unpack("B", data, 10, "the GIF header")
    position, size = 13 + _table_bytes(flags), len(data)
    limit, sub_blocks = max(_MAX_SUB_BLOCKS, size // _MIN_MEAN_BYTES), 0
    while position < size:
        kind, label = data[position], 0
        if kind == TRAILER:
            yield Block(TRAILER, position, position + 1)
            return
        if kind == IMAGE:
            flags = data[position + 9] if position + 9 < size else 0
            # One more byte: the code size of the compressed data.
            end, count = _skip_blocks(data, position + 10 + _table_bytes(flags) + 1)
        elif kind == EXTENSION:
            label = data[position + 1] if position + 1 < size else 0
            end, count = _skip_blocks(data, position + 2)
        else:
            yield Block(REST, position, size)
            return
        sub_blocks += count
        if sub_blocks > limit:
            raise InvalidImage(f"The GIF file has more than {limit} sub-blocks.", limit=limit)
        if end > size:
            break
        yield Block(kind, position, end, label)
        position = end
    yield Block(CUT, position, size)


def _table_bytes(flags: int) -> int:
    """The length of the colour table that `flags` announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_blocks(data: bytes, position: int) -> tuple[int, int]:
    """The position after a chain of sub-blocks, each a length and as many bytes; and their number.

    If the file ends within the chain, the position is beyond the end.
    """
    size, count = len(data), 0
    while position < size:
        length = data[position]
        position += 1 + length
        if length == 0:
            return position, count
        count += 1
    return size + 1, count
