"""Resampling: by libvips where it is faster, else by Pillow, with the same geometry."""

from __future__ import annotations

import logging
import math
from functools import lru_cache
from typing import Any, Literal

from PIL import Image

Kernel = Literal["lanczos", "bicubic", "bilinear", "hamming", "box", "nearest"]
Box = tuple[float, float, float, float]

_PILLOW: dict[str, Image.Resampling] = {
    "lanczos": Image.Resampling.LANCZOS,
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "box": Image.Resampling.BOX,
    "nearest": Image.Resampling.NEAREST,
}
_LIBVIPS = {"lanczos": "lanczos3", "bicubic": "cubic", "bilinear": "linear"}
_WEIGHTED = {"LA": "La", "RGBA": "RGBa"}

# Whole blocks of pixels are averaged first, as long as twice the target size is left. libvips
# does the same.
_GAP = 2
_STRIP_BYTES = 1_000_000

# Below this number of pixels Pillow is done before libvips has started its threads.
_MIN_VIPS_PIXELS = 250_000


def resample(image: Image.Image, size: tuple[int, int], kernel: Kernel, box: Box) -> Image.Image:
    """Resample the part of `image` within `box` (left, top, right, bottom, in pixels) to `size`.

    Colours are premultiplied by alpha, so that invisible pixels do not bleed into visible ones.
    libvips crops at whole pixels only: it moves a fractional `box` by up to a quarter of a pixel.
    """
    if size == image.size and box == full_box(size):
        return image.copy()
    if kernel in _LIBVIPS and _libvips_is_faster(size, box) and _libvips() is not None:
        image, box = _average_blocks(image, size, box)
        return _resample_by_libvips(image, size, kernel, box)
    # A first pass over whole blocks. Its error is invisible at three times the target size.
    gap = None if kernel == "nearest" else 3.0
    return image.resize(size, _PILLOW[kernel], box=box, reducing_gap=gap)


def full_box(size: tuple[int, int]) -> Box:
    """The box of a whole image of `size`."""
    return 0.0, 0.0, float(size[0]), float(size[1])


@lru_cache(maxsize=1)
def libvips_version() -> str | None:
    """The version of libvips, or None if it is not installed. Starts none of its threads."""
    try:
        import pyvips
    except (ImportError, OSError):  # the package, or the library that it loads
        return None
    return ".".join(str(pyvips.version(part)) for part in range(3))


@lru_cache(maxsize=1)
def _libvips() -> Any:
    """The module `pyvips`, or None. Starts libvips: a process that forks afterwards would hang."""
    if libvips_version() is None:
        return None
    import pyvips

    # At INFO it logs every step and every thread.
    logging.getLogger("pyvips").setLevel(logging.WARNING)
    # No result is needed twice, so a cache of operations would only hold memory.
    pyvips.cache_set_max(0)
    return pyvips


def load_libvips() -> None:
    """Load libvips now, if it is installed, instead of on first use."""
    _libvips()


def _libvips_is_faster(size: tuple[int, int], box: Box) -> bool:
    """Whether libvips is faster: not for small images, and not if a side grows.

    A fractional box also needs room to be moved to whole pixels.
    """
    if (box[2] - box[0]) * (box[3] - box[1]) < _MIN_VIPS_PIXELS:
        return False
    on_pixels = all(edge == int(edge) for edge in box)
    min_shrink = 1.0 if on_pixels else 2.0
    across, down = (box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]
    return min(across, down) >= min_shrink and max(across, down) > 1


def _average_blocks(image: Image.Image, size: tuple[int, int], box: Box) -> tuple[Image.Image, Box]:
    """`image` reduced by whole factors that divide its sides, and `box` in its new pixels.

    This saves copying every pixel of a large image to libvips.
    """
    across = _factor(image.width, (box[2] - box[0]) / size[0])
    down = _factor(image.height, (box[3] - box[1]) / size[1])
    if (across, down) == (1, 1):
        return image, box
    reduced = image.reduce((across, down))
    return reduced, (box[0] / across, box[1] / down, box[2] / across, box[3] / down)


def _factor(length: int, shrink: float) -> int:
    most = int(shrink / _GAP)
    return next((factor for factor in range(most, 1, -1) if length % factor == 0), 1)


def _resample_by_libvips(
    image: Image.Image, size: tuple[int, int], kernel: Kernel, box: Box
) -> Image.Image:
    left, width = _to_whole_pixels(box[0], box[2], image.width)
    top, height = _to_whole_pixels(box[1], box[3], image.height)
    vips = _libvips()
    bands = len(image.getbands())
    source = vips.Image.new_from_memory(_samples(image), *image.size, bands, "uchar")
    # There is one worker process for each core; threads would only compete with them.
    source.set_type(vips.GValue.gint_type, "concurrency", 1)
    scaled = source.crop(left, top, width, height).resize(
        size[0] / (box[2] - box[0]),
        vscale=size[1] / (box[3] - box[1]),
        kernel=_LIBVIPS[kernel],
        gap=_GAP,
    )
    if (scaled.width, scaled.height) != size:
        raise AssertionError(f"asked libvips for {size}, got {scaled.width}x{scaled.height}")
    weighted = _WEIGHTED.get(image.mode, image.mode)
    result = Image.frombytes(weighted, size, scaled.write_to_memory())
    return result if weighted == image.mode else result.convert(image.mode)


def _to_whole_pixels(low: float, high: float, length: int) -> tuple[int, int]:
    """Start and count of whole pixels with about the centre and length of `low` to `high`.

    libvips keeps the scale and aligns the centres, so only the centre matters.
    """
    centre = (low + high) / 2
    shortest = math.floor(high - low)
    options = []
    for count in (shortest, shortest + 1) if high - low > shortest else (shortest,):
        start = max(0, min(length - count, round(centre - count / 2)))
        options.append((abs(start + count / 2 - centre), start, count))
    _, start, count = min(option for option in options if option[2] <= length)
    return start, count


def _samples(image: Image.Image) -> bytearray:
    """The samples of `image` row by row, premultiplied, without a second copy of the image."""
    weighted = _WEIGHTED.get(image.mode)
    bands = len(image.getbands())
    pixels = bytearray(image.width * image.height * bands)
    rows = max(1, _STRIP_BYTES // (image.width * bands))
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(image.height, top + rows)))
        samples = (strip.convert(weighted) if weighted else strip).tobytes()
        start = top * image.width * bands
        pixels[start : start + len(samples)] = samples
    return pixels
