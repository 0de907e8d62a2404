"""PNG: the image header, and the bytes that its pixels take (W3C PNG, third edition, 11.2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from image_processor.engine.errors import InvalidImage
from image_processor.engine.reading.formats.structure import unpack

GRAY, TRUECOLOUR, PALETTE, GRAY_ALPHA, TRUECOLOUR_ALPHA = 0, 2, 3, 4, 6
_SAMPLES = {GRAY: 1, TRUECOLOUR: 3, PALETTE: 1, GRAY_ALPHA: 2, TRUECOLOUR_ALPHA: 4}

# The passes of Adam7: first column, first row, and the steps across and down (section 8.2).
_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


@dataclass(frozen=True, slots=True)
class PngHeader:
    """The sides in pixels, and the layout: `depth` bits a sample, a colour type, interlaced."""

    width: int
    height: int
    depth: int
    colour_type: int
    interlaced: bool

    @property
    def has_alpha(self) -> bool:
        return self.colour_type in (GRAY_ALPHA, TRUECOLOUR_ALPHA)

    @property
    def pixel_bits(self) -> int:
        return self.depth * _SAMPLES.get(self.colour_type, 1)

    def passes(self) -> list[tuple[int, int, int, int]]:
        """Left, top, step across and step down of each pass that has pixels."""
        grids = _ADAM7 if self.interlaced else ((0, 0, 1, 1),)
        return [grid for grid in grids if grid[0] < self.width and grid[1] < self.height]

    def row_bytes(self, pixels: int) -> int:
        """The bytes of a row of `pixels`, without the byte that names its filter."""
        return (pixels * self.pixel_bits + 7) // 8

    @property
    def pixel_bytes(self) -> int:
        """The bytes of all rows before compression."""
        total = 0
        for left, top, across, down in self.passes():
            columns, rows = -(-(self.width - left) // across), -(-(self.height - top) // down)
            total += rows * (1 + self.row_bytes(columns))
        return total


def read_png_header(data: bytes) -> PngHeader:
    """The image header. Raises InvalidImage if the file does not start with one."""
    (length,) = unpack(">I", data, 8, "a PNG chunk")
    if data[12:16] != b"IHDR" or length != 13:
        raise InvalidImage("The PNG file does not start with one image header.")
    width, height, depth, colour_type, _, _, interlace = unpack(
        ">IIBBBBB", data, 16, "the PNG header"
    )
    return PngHeader(width, height, depth, colour_type, bool(interlace))
