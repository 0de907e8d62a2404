"""Convolution with Pillow's small kernels (emboss, edges, contour), including the edges."""

from __future__ import annotations

from PIL import Image, ImageFilter

_RIM = 2


def convolve(image: Image.Image, kernel: type[ImageFilter.BuiltinFilter]) -> Image.Image:
    """Convolve `image` (`L` or `RGB`) with `kernel`. Pillow alone leaves a rim unfiltered."""
    width, height = image.size
    rim = _RIM
    result = image.filter(kernel)
    # Only strips along the edges are convolved again, to save a second copy of the image.
    for strip, part in (
        ((0, 0, width, 2 * rim), (0, 0, width, rim)),
        ((0, height - 2 * rim, width, height), (0, height - rim, width, height)),
        ((0, 0, 2 * rim, height), (0, 0, rim, height)),
        ((width - 2 * rim, 0, width, height), (width - rim, 0, width, height)),
    ):
        outer = (max(0, strip[0]), max(0, strip[1]), min(width, strip[2]), min(height, strip[3]))
        inner = (max(0, part[0]), max(0, part[1]), min(width, part[2]), min(height, part[3]))
        left, top = outer[:2]
        place = (inner[0] - left, inner[1] - top, inner[2] - left, inner[3] - top)
        result.paste(convolve_extended(image.crop(outer), kernel).crop(place), inner)
    return result


def convolve_extended(image: Image.Image, kernel: type[ImageFilter.BuiltinFilter]) -> Image.Image:
    """Convolve `image` with its edge pixels repeated outside."""
    width, height = image.size
    rim = _RIM
    wide = Image.new(image.mode, (width + 2 * rim, height + 2 * rim))
    wide.paste(image, (rim, rim))
    for top, place in ((rim, 0), (rim + height - 1, rim + height)):
        row = wide.crop((rim, top, rim + width, top + 1))
        wide.paste(row.resize((width, rim), Image.Resampling.NEAREST), (rim, place))
    for left, place in ((rim, 0), (rim + width - 1, rim + width)):
        column = wide.crop((left, 0, left + 1, wide.height))
        wide.paste(column.resize((rim, wide.height), Image.Resampling.NEAREST), (place, 0))
    return wide.filter(kernel).crop((rim, rim, rim + width, rim + height))
