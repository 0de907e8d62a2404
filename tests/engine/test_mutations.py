"""Damaged files end in a result or in a domain error, whatever the damage."""

import random

import pytest

from image_processor.engine import Pipeline, inspect, render
from tests.engine import hostile
from tests.engine.builders import LIMITS, step
from utils.errors import DomainError

MUTANTS = 500
PIPELINE = Pipeline.parse([step("resize", width=20)], format="jpeg", metadata="keep")


def mutant(files: list[bytes], chance: random.Random) -> bytes:
    """One of `files` with some bytes changed, cut out, doubled or exchanged."""
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
    return bytes(data)


def repaired(data: bytes) -> bytes:
    """A PNG with its checksums made right again, so that the damage gets past them."""
    position, chunks = 8, []
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        body = data[position + 8 : position + 8 + length]
        chunks.append(hostile.png_chunk(data[position + 4 : position + 8], body))
        position += 12 + length
    return data[:8] + b"".join(chunks)


@pytest.mark.parametrize("format_name", hostile.FORMATS)
def test_mutated_files_never_escape(format_name: str) -> None:
    chance = random.Random(f"mutants of {format_name}")
    files = hostile.variants(format_name)
    rendered = refused = 0
    for number in range(MUTANTS):
        data = mutant(files, chance)
        if format_name == "PNG" and number % 2:
            data = repaired(data)
        try:
            facts = inspect(data, LIMITS)
            result = render(data, facts, PIPELINE, LIMITS)
        except DomainError:
            refused += 1
        else:
            rendered += 1
            assert result.data.startswith(b"\xff\xd8\xff")
    assert rendered + refused == MUTANTS
    assert refused > 20
