"""Damaged files, and the allowed outcome of each."""

from __future__ import annotations

import random
import re

from image_processor.engine import Pipeline, inspect, render
from tests.engine import hostile
from tests.engine.builders import LIMITS, image_of, step
from utils.errors import DomainError

# What only the authors of a decoder understand: objects, addresses, classes, values of Python.
PROGRAM_TEXT = re.compile(
    r"""<_|<class|\bat 0x|object at|\('|\("|\bb'|\bb"|\\x|\w(Error|Exception|Warning)\b|None\b"""
)

# One takes the first picture, reduced where that can be; the other all of them, as they are.
PIPELINES = (
    Pipeline.parse([step("resize", width=20)], format="jpeg", metadata="keep"),
    Pipeline.parse([step("flip")], format="png", metadata="keep"),
)


def outcome(data: bytes, pipeline: Pipeline) -> str:
    """`rendered`, or the code of the domain error."""
    try:
        result = render(data, inspect(data, LIMITS), pipeline, LIMITS)
    except DomainError as error:
        refusal = error
    else:
        image_of(result)
        return "rendered"
    assert not PROGRAM_TEXT.search(refusal.detail), refusal.detail
    return refusal.code


def mutant(format_name: str, files: list[bytes], chance: random.Random) -> bytes:
    """One of `files` of a format with some bytes changed, cut out, doubled or exchanged."""
    data = bytearray(chance.choice(files))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(4, len(data))
        if chance.random() < 0.5:
            at = chance.randrange(4, min(len(data), 300))  # headers decide the most
        kind = chance.randrange(5)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
        elif kind == 2:
            data[at : at + 4] = chance.choice(
                (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff")
            )
        elif kind == 3:
            del data[at : at + chance.randrange(1, 20)]
        else:
            data[at:at] = data[at : at + chance.randrange(1, 20)]
    damaged = bytes(data)
    return _repaired(damaged) if format_name == "PNG" and chance.random() < 0.5 else damaged


def _repaired(data: bytes) -> bytes:
    """A PNG with its checksums made right again, so that the damage gets past them."""
    position, chunks = 8, []
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        body = data[position + 8 : position + 8 + length]
        chunks.append(hostile.png_chunk(data[position + 4 : position + 8], body))
        position += 12 + length
    return data[:8] + b"".join(chunks)
