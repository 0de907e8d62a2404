"""The EXIF block of a file: found where its format has it, and opened by Pillow."""

from __future__ import annotations

from contextlib import suppress

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from image_processor.engine.errors import DECODER_ERRORS

# Beside the block by which Pillow turns a picture.
STORED = "stored_exif"


def read_block(image: Image.Image) -> Image.Exif:
    """The EXIF block of `image`, which `bound_blocks` has bounded; an empty one if it has none.

    `image.getexif()` is not enough: it adds an orientation that only XMP gives. Raises one of
    `DECODER_ERRORS` for a broken block.
    """
    block = Image.Exif()
    if data := image.info.get(STORED):
        block.load(data)
    return block


def ignore_xmp_orientation(image: Image.Image) -> None:
    """Keep Pillow from turning the pixels of a TIFF as XMP says: it turns them while it loads."""
    if isinstance(image, TiffImageFile) and "xmp" in image.info:
        packet = image.info.pop("xmp")
        with suppress(*DECODER_ERRORS):
            image.getexif()  # Pillow reads EXIF once, and turns by what it has read
        image.info["xmp"] = packet
