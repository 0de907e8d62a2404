"""The part of a source's XMP packet that a result keeps.

Source: ISO 16684-1 (XMP), sections 6 and 7.
"""

from __future__ import annotations

from typing import Literal

from image_processor.engine.reading.metadata import iptc
from image_processor.engine.reading.metadata.xml_tree import (
    XML,
    Element,
    Name,
    parse_xml,
    write_xml,
)
from image_processor.engine.reading.metadata.xmp_names import (
    DC,
    META,
    PHOTOSHOP,
    PREFIXES,
    RDF,
    is_credit,
    is_private,
)

_START = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_END = '<?xpacket end="w"?>'

_PADDING = b"\0 \t\r\n"

# The size of a JPEG segment without the name that begins it.
_MAX_PACKET = 65_504
_MAX_PROPERTY = 10_000

_ALTERNATIVES = {
    iptc.BY_LINE: (DC, "creator", "Seq"),
    iptc.COPYRIGHT: (DC, "rights", "Alt"),
    iptc.CREDIT: (PHOTOSHOP, "Credit", ""),
    iptc.SOURCE: (PHOTOSHOP, "Source", ""),
}


def kept_xmp(
    packet: bytes, lines: dict[int, list[str]], policy: Literal["keep"] | None
) -> tuple[bytes, bool]:
    """The packet for the result (empty if nothing is kept), and whether it is complete.

    By default it has the credit: creator, rights, source, licensor. With `keep` it has everything
    about the photograph except positions, serial numbers, thumbnails, versions and what describes
    the old pixels. `lines` are IPTC's; they fill in for a credit that `packet` lacks.

    A packet that cannot be read safely, and one over 65,504 bytes, are incomplete. The latter has
    the credit only.
    """
    complete = True
    try:
        properties = _read(packet) if packet.strip(_PADDING) else []
    except ValueError:
        properties, complete = [], False
    properties += _from_lines(lines, {item.name.key for item in properties})
    credit = [item for item in properties if is_credit(*item.name.key)]
    written = _write(properties if policy == "keep" else credit)
    if len(written) > _MAX_PACKET:
        written, complete = _write([item for item in credit if _size(item) <= _MAX_PROPERTY]), False
    return (written, complete) if len(written) <= _MAX_PACKET else (b"", False)


def _read(packet: bytes) -> list[Element]:
    """The properties of a packet that a result may have. Raises ValueError."""
    root = parse_xml(packet.strip(_PADDING))
    candidates = [root, *root.elements]
    rdf = next((item for item in candidates if item.name.key == (RDF, "RDF")), None)
    if rdf is None:
        raise ValueError("the packet has no rdf:RDF")
    properties = []
    for description in rdf.elements:
        if description.name.key != (RDF, "Description"):
            continue
        for name, value in description.attributes.items():
            if name.namespace not in (RDF, "") and not is_private(*name.key):
                properties.append(Element(Name(*name), children=[value]))
        properties += [part for item in description.elements if (part := _filtered(item))]
    return properties


def _filtered(element: Element) -> Element | None:
    """`element` without the private names in it; None if it is private, or nothing is left."""
    if is_private(*element.name.key):
        return None
    attributes = {
        name: value for name, value in element.attributes.items() if not is_private(*name.key)
    }
    children: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            children.append(child)
        elif kept := _filtered(child):
            children.append(kept)
    if element.elements:
        children = [child for child in children if isinstance(child, Element) or child.strip()]
        if not children:
            return None
    return Element(element.name, attributes, children)


def _from_lines(lines: dict[int, list[str]], present: set[tuple[str, str]]) -> list[Element]:
    """The properties of IPTC's lines that are not `present`."""
    properties = []
    for number, (namespace, local, container) in _ALTERNATIVES.items():
        texts = lines.get(number)
        if not texts or (namespace, local) in present:
            continue
        item = Element(Name(namespace, local))
        if container:
            list_of_texts = Element(Name(RDF, container))
            for text in texts if container == "Seq" else texts[:1]:
                entry = Element(Name(RDF, "li"), children=[_legal(text)])
                if container == "Alt":
                    entry.attributes[Name(XML, "lang")] = "x-default"
                list_of_texts.children.append(entry)
            item.children.append(list_of_texts)
        else:
            item.children.append(_legal(texts[0]))
        properties.append(item)
    return properties


def _legal(text: str) -> str:
    """`text` without the control characters that XML cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")


def _size(item: Element) -> int:
    return len(_write([item]))


def _write(properties: list[Element]) -> bytes:
    if not properties:
        return b""
    about = {Name(RDF, "about"): ""}
    description = Element(Name(RDF, "Description"), about, list(properties))
    rdf = Element(Name(RDF, "RDF"), children=[description])
    meta = Element(Name(META, "xmpmeta"), children=[rdf])
    return f"{_START}{write_xml(meta, PREFIXES)}{_END}".encode()
