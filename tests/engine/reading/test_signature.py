"""Formats that no magic number names, and what the refusal of a file calls it."""

import struct

import pytest

from image_processor.engine.reading.signature import foreign_format
from tests.engine.builders import encoded, gradient

FOOTER = 26


def targa(mode: str, **options: str) -> bytes:
    """A TGA file of version 1: Pillow writes the footer of version 2."""
    return encoded(gradient(20, 10, mode), "TGA", **options)[:-FOOTER]


def cursor(*, count: int = 1, reserved: int = 0, start: int = 22) -> bytes:
    entry = struct.pack("<BBBBHHII", 16, 16, 0, reserved, 3, 5, 40, start)
    return struct.pack("<HHH", 0, 2, count) + entry + bytes(40)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
@pytest.mark.parametrize("options", [{}, {"compression": "tga_rle"}], ids=["plain", "compressed"])
def test_a_targa_is_known_by_its_header(mode: str, options: dict[str, str]) -> None:
    assert foreign_format(targa(mode, **options)) == "TGA"


def test_a_targa_is_known_by_its_footer() -> None:
    assert foreign_format(b"\0\0\x63" + encoded(gradient(), "TGA")[3:]) == "TGA"


def test_a_cursor_is_known_by_its_directory() -> None:
    assert foreign_format(cursor()) == "CUR"


@pytest.mark.parametrize(
    "data", [cursor(count=0), cursor(count=9), cursor(reserved=7), cursor(start=21), cursor()[:20]]
)
def test_no_cursor(data: bytes) -> None:
    assert foreign_format(data) is None


@pytest.mark.parametrize("data", [bytes(18), bytes(100), b"\0\0\2\0", targa("RGB")[:200]])
def test_no_targa(data: bytes) -> None:
    assert foreign_format(data) is None
