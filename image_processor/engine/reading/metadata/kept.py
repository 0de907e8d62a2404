"""The metadata of a source that a result keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PIL import Image

from image_processor.engine.errors import DECODER_ERRORS
from image_processor.engine.reading.metadata.exif_kept import kept_exif
from image_processor.engine.reading.metadata.iptc import credit_lines, kept_iptc, read_iptc
from image_processor.engine.reading.metadata.resolution import read_resolution
from image_processor.engine.reading.metadata.xmp import kept_xmp


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is written into a result, as far as its format can hold it.

    `exif`: a block that begins with `Exif\\0\\0`. `xmp`: a packet in UTF-8. `iptc`: data sets of
    IPTC-IIM. `resolution`: dots per inch across and down. Empty or None means nothing is written.
    """

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""
    resolution: tuple[float, float] | None = None


def kept_metadata(
    image: Image.Image, policy: Literal["keep", "strip"] | None, *, turned: bool = False
) -> tuple[Metadata, bool]:
    """The metadata for the result, and whether nothing was lost that `policy` keeps.

    By default a result has the credit: artist, copyright, licence. With `keep` it has everything
    about the photograph except position and serial numbers, with `strip` nothing.
    `turned`: the orientation exchanges width and height, and so both resolutions.
    """
    if policy == "strip":
        return Metadata(), True
    resolution = read_resolution(image) if policy == "keep" else None
    if resolution and turned:
        resolution = resolution[1], resolution[0]
    exif, exif_complete = kept_exif(image, policy, resolution)
    try:
        data_sets, iptc_complete = read_iptc(image), True
    except DECODER_ERRORS:
        data_sets, iptc_complete = b"", False
    xmp, xmp_complete = kept_xmp(_packet(image), credit_lines(data_sets), policy)
    iptc = b""
    if policy == "keep" and data_sets:
        iptc, iptc_complete = kept_iptc(data_sets)
    complete = exif_complete and xmp_complete and iptc_complete
    return Metadata(exif, xmp, iptc, resolution), complete


def _packet(image: Image.Image) -> bytes:
    packet = image.info.get("xmp")
    if isinstance(packet, str):  # a TIFF whose tag has the type ASCII
        packet = packet.encode("latin-1", "replace")
    return packet if isinstance(packet, bytes) else b""
