"""The names of XMP that decide what a result keeps."""

from __future__ import annotations

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
META = "adobe:ns:meta/"
DC = "http://purl.org/dc/elements/1.1/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_RIGHTS = "http://ns.adobe.com/xap/1.0/rights/"
_PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"
_CC = "http://creativecommons.org/ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_EXIF = "http://ns.adobe.com/exif/1.0/"

# Some readers look for these prefixes instead of the namespaces.
PREFIXES = {
    RDF: "rdf",
    META: "x",
    DC: "dc",
    PHOTOSHOP: "photoshop",
    _RIGHTS: "xmpRights",
    _PLUS: "plus",
    _CC: "cc",
    _XMP: "xmp",
    _TIFF: "tiff",
    _EXIF: "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
}

# What says whose picture it is. Search engines show creator, credit, copyright and licensor.
_CREDIT = {
    (DC, "creator"),
    (DC, "rights"),
    (PHOTOSHOP, "Credit"),
    (PHOTOSHOP, "Source"),
    (_PLUS, "Licensor"),
    (_PLUS, "CopyrightOwner"),
    (_CC, "license"),
    (_CC, "attributionName"),
    (_CC, "attributionURL"),
}

# Versions and ancestors of the document, pictures and sounds inside the metadata or behind the
# picture, places in the unchanged picture, and positions on earth.
_NEVER_KEPT_NAMESPACES = {
    "http://ns.adobe.com/xap/1.0/mm/",
    "http://ns.adobe.com/xmp/note/",
    "http://ns.adobe.com/hdr-gain-map/1.0/",
    "http://ns.apple.com/HDRGainMap/1.0/",
    "http://ns.apple.com/pixeldatainfo/1.0/",
    "http://ns.google.com/photos/1.0/audio/",
    "http://ns.google.com/photos/1.0/camera/",
    "http://ns.google.com/photos/1.0/container/",
    "http://ns.google.com/photos/1.0/container/item/",
    "http://ns.google.com/photos/1.0/depthmap/",
    "http://ns.google.com/photos/1.0/image/",
    "http://ns.microsoft.com/photo/1.2/",
    "http://www.metadataworkinggroup.com/schemas/regions/",
    "http://www.w3.org/2003/01/geo/wgs84_pos#",
}
_NEVER_KEPT = {
    (_XMP, "Thumbnails"),
    (PHOTOSHOP, "DocumentAncestors"),
    (PHOTOSHOP, "ICCProfile"),
    (PHOTOSHOP, "ColorMode"),
    (_EXIF, "ColorSpace"),
    (_EXIF, "MakerNote"),
    (_EXIF, "NativeDigest"),
    (_EXIF, "ImageUniqueID"),
    (_EXIF, "PixelXDimension"),
    (_EXIF, "PixelYDimension"),
}
# The others describe how a file stores its pixels.
_KEPT_OF_TIFF = {
    *("Artist", "Copyright", "DateTime", "ImageDescription", "Make", "Model", "Software"),
}


def is_credit(namespace: str, local: str) -> bool:
    """Whether every result keeps this property, unless metadata is stripped."""
    return namespace == _RIGHTS or (namespace, local) in _CREDIT


def is_private(namespace: str, local: str) -> bool:
    """Whether no result may have this name: it tells a position, a camera, or the old pixels."""
    lower = local.lower()
    return (
        namespace in _NEVER_KEPT_NAMESPACES
        or (namespace, local) in _NEVER_KEPT
        or (namespace == _TIFF and local not in _KEPT_OF_TIFF)
        or lower.startswith("gps")
        or lower.endswith(("latitude", "longitude", "longtitude", "altitude"))
        or "serialnumber" in lower
    )
