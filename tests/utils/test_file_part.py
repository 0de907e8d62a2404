"""A part of a file behaves like a file with its bytes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from tempfile import TemporaryFile

import pytest

from utils.file_part import FilePart

BYTES = bytes(range(256)) * 300


@pytest.fixture
def file() -> Iterator[int]:
    with TemporaryFile() as opened:
        opened.write(b"before" + BYTES + b"after")
        opened.flush()
        yield opened.fileno()


@pytest.fixture
def part(file: int) -> FilePart:
    return FilePart(file, len("before"), len(BYTES))


def test_it_is_read_as_a_file(part: FilePart) -> None:
    same = io.BytesIO(BYTES)
    for offset, whence in ((0, 0), (5, 0), (-3, 2), (10, 2), (0, 1), (0, 2), (7, 0)):
        assert part.seek(offset, whence) == same.seek(offset, whence)
        for size in (0, 3, 100_000, -1):
            assert part.read(size) == same.read(size)
            assert part.tell() == same.tell()
    part.seek(0)
    assert hashlib.file_digest(part, "sha256").digest() == hashlib.sha256(BYTES).digest()
    assert part.read() == b""


def test_it_has_no_position_before_its_start(part: FilePart) -> None:
    with pytest.raises(ValueError, match="-1"):
        part.seek(-1)


def test_closing_it_leaves_the_file_open(file: int, part: FilePart) -> None:
    part.close()
    assert FilePart(file, 0, 6).read() == b"before"
