"""XMP and IPTC for tests: packets as programs write them, and files that hold them."""

from __future__ import annotations

import struct
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from image_processor.engine.optional_formats import PILLOW_NAMES
from tests.engine.builders import encoded, gradient, opened

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "xmpGImg": "http://ns.adobe.com/xap/1.0/g/img/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "aux": "http://ns.adobe.com/exif/1.0/aux/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "drone": "http://www.dji.com/drone-dji/1.0/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


def packet(inner: str = "", attributes: str = "") -> bytes:
    """A packet with properties as elements (`inner`) and as attributes."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {declared}>'
        f'<rdf:Description rdf:about="" {attributes}>{inner}</rdf:Description>'
        f'</rdf:RDF></x:xmpmeta>{" " * 2000}<?xpacket end="w"?>'
    ).encode()


def iptc(*data_sets: tuple[int, bytes], record: int = 2) -> bytes:
    """IPTC-IIM of data sets, each a number and a value."""
    return b"".join(
        struct.pack(">BBBH", 0x1C, record, number, len(value)) + value
        for number, value in data_sets
    )


def photo(
    format_name: str = "JPEG", *, xmp: bytes = b"", iim: bytes = b"", **options: Any
) -> bytes:
    """A small picture with a packet and data sets."""
    if format_name == "TIFF":
        tags = ImageFileDirectory_v2()
        for tag, kind, value in ((700, 1, xmp), (33_723, 7, iim)):
            if value:
                tags[tag], tags.tagtype[tag] = value, kind
        return encoded(gradient(), "TIFF", tiffinfo=tags, **options)
    if format_name == "PNG" and xmp:
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    elif xmp:
        options["xmp"] = xmp
    if iim:
        body = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iim)) + iim
        body += b"\0" * (len(iim) % 2)
        options["extra"] = b"\xff\xed" + struct.pack(">H", len(body) + 2) + body
    return encoded(gradient(), PILLOW_NAMES.get(format_name, format_name), **options)


def xmp_of(data: bytes) -> str:
    """The packet of a file; "" if it has none."""
    found = opened(data).info.get("xmp", b"")
    return found.decode() if isinstance(found, bytes) else str(found)


def iptc_of(data: bytes) -> bytes:
    image: Image.Image = opened(data)
    if image.format == "TIFF":
        return bytes(image.tag_v2.get(33_723, b""))  # type: ignore[attr-defined]
    return bytes(image.info.get("photoshop", {}).get(0x0404, b""))
