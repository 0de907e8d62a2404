"""How each format's codec is given the metadata of a result."""

from __future__ import annotations

import struct
from typing import Any

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from image_processor.engine.reading.metadata.exif_texts import Utf8Text, read_text
from image_processor.engine.reading.metadata.kept import Metadata

_PNG_KEYWORD = "XML:com.adobe.xmp"
_TIFF_XMP, _TIFF_IPTC = 700, 33_723
_APP13 = b"\xff\xed"


def metadata_options(format_name: str, metadata: Metadata) -> dict[str, Any]:
    """The options of Pillow's `save` that write `metadata`, as far as the format can hold it."""
    if format_name == "GIF":
        return {}
    if format_name == "TIFF":
        return _for_tiff(metadata)
    options: dict[str, Any] = {}
    if metadata.exif:
        options["exif"] = metadata.exif
    if metadata.xmp and format_name == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt(_PNG_KEYWORD, metadata.xmp.decode())
    elif metadata.xmp:
        options["xmp"] = metadata.xmp
    if metadata.resolution and format_name in ("JPEG", "PNG"):  # others say it in EXIF
        options["dpi"] = metadata.resolution
    if metadata.iptc and format_name == "JPEG":
        options["extra"] = _photoshop_segment(metadata.iptc)
    return options


def has_nested_directory(options: dict[str, Any]) -> bool:
    """Whether the options for a TIFF hold a directory of EXIF inside the first one."""
    exif = options.get("exif")
    return isinstance(exif, Image.Exif) and bool(exif.get_ifd(ExifTags.IFD.Exif))


def without_source(image: Image.Image) -> Image.Image:
    """The pixels of `image`, not copied, without the file that they come from.

    If no step has changed the picture, `image` is the opened file. Some codecs then write its tags
    and EXIF again.
    """
    return image._new(image.im)


def _for_tiff(metadata: Metadata) -> dict[str, Any]:
    """In a TIFF everything is a tag. Pillow loads a block as Latin-1, so its texts are decoded."""
    exif = Image.Exif()
    if metadata.exif:
        exif.load(metadata.exif)
        nested = exif.get_ifd(ExifTags.IFD.Exif)
        for directory in (exif, nested):
            for tag, value in list(directory.items()):
                if isinstance(value, str):
                    directory[tag] = Utf8Text(read_text(value))
    if metadata.xmp:
        exif[_TIFF_XMP] = metadata.xmp
    if metadata.iptc:
        exif[_TIFF_IPTC] = metadata.iptc
    options: dict[str, Any] = {"exif": exif} if len(exif) else {}
    if metadata.resolution:
        options["dpi"] = metadata.resolution
    return options


def _photoshop_segment(iptc: bytes) -> bytes:
    """A JPEG segment with one image resource (Adobe Photoshop File Formats, June 2019)."""
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(iptc)) + iptc + b"\0" * (len(iptc) % 2)
    body = b"Photoshop 3.0\0" + resource
    return _APP13 + struct.pack(">H", len(body) + 2) + body
