"""A BMP as Pillow's kind of image, whose pixels are decoded when they are needed."""

from __future__ import annotations

from typing import IO

from PIL import Image, ImageFile, ImagePalette

from image_processor.engine.reading.formats.bmp.header import BmpHeader, read_bmp_header
from image_processor.engine.reading.formats.bmp.masked import unpack_strips
from image_processor.engine.reading.formats.bmp.run_lengths import colour_strips, decode_indexes
from image_processor.engine.reading.formats.bmp.runs import measure_runs

_CODEC = "bmp_layouts"
_INCHES_PER_METRE = 39.3701

# What Pillow's own raw codec decodes rightly, by depth and masks.
_RAW = {
    (16, (0x7C00, 0x03E0, 0x001F, 0)): "BGR;15",
    (16, (0xF800, 0x07E0, 0x001F, 0)): "BGR;16",
    (24, (0xFF0000, 0xFF00, 0xFF, 0)): "BGR",
    (32, (0xFF0000, 0xFF00, 0xFF, 0)): "BGRX",
}
_GRAY_RAMP = bytes(level for level in range(256) for _ in range(3))
_BLACK_AND_WHITE = b"\0\0\0\xff\xff\xff"


class BmpImage(ImageFile.ImageFile):
    """An opened BMP in mode 1, L, P, RGB or RGBA. Raises the errors of `read_bmp_header`."""

    format = "BMP"
    format_description = "Windows Bitmap"

    def _open(self) -> None:
        assert self.fp is not None
        data = self.fp.read()
        header = read_bmp_header(data)
        self._size = header.width, header.height
        self._read_information(data, header)
        extents = (0, 0, header.width, header.height)
        raw = self._choose_mode(data, header)
        if raw:
            layout = (raw, header.row_bytes, 1 if header.top_down else -1)
            self.tile = [ImageFile._Tile("raw", extents, header.offset, layout)]
        else:
            self.tile = [ImageFile._Tile(_CODEC, extents, 0, (header, data))]

    def _choose_mode(self, data: bytes, header: BmpHeader) -> str | None:
        """Set the mode and the palette. Returns the raw mode if Pillow decodes the layout."""
        if header.depth > 8:
            self._mode = "RGBA" if header.masks[3] else "RGB"
            return _RAW.get((header.depth, header.masks))
        if header.run_lengths and measure_runs(data, header).skips:
            self._mode = "RGB"  # with a black for the pixels that are skipped
            return None
        plain = f"P;{header.depth}" if header.depth < 8 else "P"
        if header.depth == 8 and header.palette == _GRAY_RAMP:
            self._mode = plain = "L"
        elif header.depth == 1 and header.palette == _BLACK_AND_WHITE:
            self._mode = plain = "1"
        else:
            self._mode = "P"
            # An index behind the last colour is black.
            self.palette = ImagePalette.raw("RGB", header.palette.ljust(768, b"\0"))
        return None if header.run_lengths else plain

    def _read_information(self, data: bytes, header: BmpHeader) -> None:
        if all(per_metre > 0 for per_metre in header.pixels_per_metre):
            across, down = header.pixels_per_metre
            self.info["dpi"] = (across / _INCHES_PER_METRE, down / _INCHES_PER_METRE)
        if header.profile and sum(header.profile) <= len(data):
            start, length = header.profile
            self.info["icc_profile"] = data[start : start + length]


class _LayoutDecoder(ImageFile.PyDecoder):
    """Decodes run lengths, and samples under any masks."""

    _pulls_fd = True

    def decode(self, buffer: object) -> tuple[int, int]:
        header, data = self.args
        if header.run_lengths and self.mode != "RGB":
            pixels, _ = decode_indexes(data, header)
            raw = "L" if self.mode == "L" else "P"
            self.set_as_raw(pixels, raw, (header.width, 1 if header.top_down else -1))
            return -1, 0
        assert self.im is not None
        strips = colour_strips if header.run_lengths else unpack_strips
        clear = True
        for top, strip in strips(data, header):
            rows = strip if header.top_down else strip[::-1]
            place = top if header.top_down else header.height - top - len(strip)
            part = Image.fromarray(rows)
            self.im.paste(part.im, (0, place, header.width, place + len(strip)))
            clear = clear and not strip[..., -1].any()
        if header.masks[3] and clear:
            # As browsers: a picture of clear pixels only was meant to have no alpha.
            self.im.fillband(3, 255)
        return -1, 0


def open_bmp(file: IO[bytes]) -> BmpImage:
    """Read the header of a BMP. Decodes no pixel."""
    Image.register_decoder(_CODEC, _LayoutDecoder)
    return BmpImage(file)
