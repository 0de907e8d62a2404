"""Opening a file with exactly one codec."""

from __future__ import annotations

import io
import warnings

from PIL import Image, TiffImagePlugin

from image_processor.engine.optional_formats import PILLOW_NAMES
from image_processor.engine.reading.formats.bmp.image_file import open_bmp
from image_processor.engine.reading.formats.png.check import find_exif
from image_processor.engine.reading.formats.png.colour_key import prepare_colour_key
from image_processor.engine.reading.input_formats import INPUT_FORMATS
from image_processor.engine.reading.metadata.exif_block import ignore_xmp_orientation
from image_processor.engine.reading.metadata.exif_bounds import bound_blocks
from image_processor.engine.reading.metadata.png_xmp import find_png_xmp


def open_image(data: bytes, format_name: str) -> Image.Image:
    """Read the header of `data` with the codec of one format and no other.

    Pillow's own pixel limit is off, because `inspect` enforces the configured limit right after
    opening and names both figures. Pillow's warnings about odd metadata are ignored: what matters
    becomes a warning of the result or a refusal.

    Raises whatever the codec raises; call it within `decoder_errors`.
    """
    Image.MAX_IMAGE_PIXELS = None
    # Pillow's own reader of uncompressed TIFFs mixes up planes and knows no subsampled colour.
    TiffImagePlugin.READ_LIBTIFF = True
    warnings.filterwarnings("ignore", module=r"PIL\.")
    # Pillow opens an MPO with its plugin for JPEG, and knows no other plugin for it.
    plugin = "JPEG" if format_name == "MPO" else PILLOW_NAMES.get(format_name, format_name)
    repaired = INPUT_FORMATS[format_name].repair(data)
    if format_name == "BMP":
        return open_bmp(io.BytesIO(repaired))
    image = Image.open(io.BytesIO(repaired), formats=[plugin])
    if format_name == "PNG":
        prepare_colour_key(image, repaired)
    if format_name == "PNG" and "exif" not in image.info:
        # Pillow would decode all pixels to look for EXIF that follows them.
        image.info["exif"] = find_exif(repaired)
    if format_name == "PNG" and "xmp" not in image.info:
        image.info["xmp"] = find_png_xmp(repaired)
    bound_blocks(image, repaired)
    ignore_xmp_orientation(image)
    return image
