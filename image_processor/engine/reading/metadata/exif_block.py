"""The EXIF block of a file, as it stands in the file."""

from __future__ import annotations

from contextlib import suppress

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.TiffImagePlugin import TiffImageFile

from image_processor.engine.errors import DECODER_ERRORS


def read_block(image: Image.Image) -> Image.Exif:
    """The EXIF block of `image`; an empty one if the file has none.

    `image.getexif()` is not enough: it adds an orientation that only XMP gives. Raises one of
    `DECODER_ERRORS` for a broken block.
    """
    if isinstance(image, TiffImageFile):
        return image.getexif()
    data = image.info.get("exif") or _from_text(image.info.get("Raw profile type exif"))
    if data and isinstance(image, AvifImageFile):
        # Pillow writes the block anew if the container turns the picture, and loses all letters
        # beyond ASCII. The decoder has the original block.
        data = image._decoder.get_info()[4] or data
    block = Image.Exif()
    if data:
        block.load(data)
    return block


def ignore_xmp_orientation(image: Image.Image) -> None:
    """Keep Pillow from turning the pixels of a TIFF as XMP says: it turns them while it loads."""
    if isinstance(image, TiffImageFile) and "xmp" in image.info:
        packet = image.info.pop("xmp")
        with suppress(*DECODER_ERRORS):
            image.getexif()  # Pillow reads EXIF once, and turns by what it has read
        image.info["xmp"] = packet


def _from_text(profile: object) -> bytes:
    """The block that ImageMagick writes into a text of a PNG: three lines, then hexadecimal."""
    return bytes.fromhex("".join(profile.split("\n")[3:])) if isinstance(profile, str) else b""
