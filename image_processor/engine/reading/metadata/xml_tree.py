"""XML of a stranger as a small tree, without entities and of limited size; and back to text.

Only what XMP needs: elements, attributes and text. Comments and processing instructions are lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

MAX_BYTES = 1_000_000
MAX_NODES = 10_000
MAX_DEPTH = 50

XML = "http://www.w3.org/XML/1998/namespace"


class Name(NamedTuple):
    """A name in a namespace; `prefix` is what the source called the namespace."""

    namespace: str
    local: str
    prefix: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.namespace, self.local


@dataclass(slots=True)
class Element:
    name: Name
    attributes: dict[Name, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    def names(self) -> Iterator[Name]:
        """The names of the element, its attributes, and everything in it."""
        yield self.name
        yield from self.attributes
        for child in self.elements:
            yield from child.names()


def parse_xml(data: bytes) -> Element:
    """The root of `data`.

    Raises ValueError for XML that is damaged, has a document type (which could define entities),
    or exceeds MAX_BYTES, MAX_NODES or MAX_DEPTH.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"the XML has {len(data)} bytes; at most {MAX_BYTES} are read")
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError("the XML is damaged") from error
    if builder.root is None:
        raise ValueError("the XML is empty")
    return builder.root


def write_xml(root: Element, prefixes: dict[str, str]) -> str:
    """`root` as text. `prefixes` maps namespaces to the prefixes that readers expect.

    The root declares every namespace.
    """
    given = _choose_prefixes(root, prefixes)
    parts: list[str] = []
    _write(root, given, parts, declarations=True)
    return "".join(parts)


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._nodes = 0

    def start(self, name: str, attributes: list[str]) -> None:
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        element = Element(_name(name), {_name(key): value for key, value in pairs})
        self._count(1 + len(element.attributes))
        if len(self._open) >= MAX_DEPTH:
            raise ValueError(f"the XML is nested more than {MAX_DEPTH} deep")
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._count(1)
        self._open[-1].children.append(text)

    def _count(self, more: int) -> None:
        self._nodes += more
        if self._nodes > MAX_NODES:
            raise ValueError(f"the XML has more than {MAX_NODES} parts")


def _refuse_doctype(*_: object) -> None:
    raise ValueError("the XML has a document type")


def _name(text: str) -> Name:
    """A name as expat gives it: "local", "namespace local" or "namespace local prefix"."""
    parts = text.split(" ")
    return Name("", *parts) if len(parts) == 1 else Name(*parts[:3])


def _choose_prefixes(root: Element, preferred: dict[str, str]) -> dict[str, str]:
    chosen = {"": "", XML: "xml"}
    taken = {"", "xml", *preferred.values()}
    for name in root.names():
        if name.namespace in chosen:
            continue
        prefix = preferred.get(name.namespace)
        if prefix is None:
            usable = name.prefix not in taken and not name.prefix.startswith("ns")
            prefix = name.prefix if usable else f"ns{len(chosen)}"
        taken.add(prefix)
        chosen[name.namespace] = prefix
    return chosen


def _write(
    element: Element, prefixes: dict[str, str], parts: list[str], *, declarations: bool = False
) -> None:
    tag = _qualified(element.name, prefixes)
    parts.append(f"<{tag}")
    if declarations:
        for namespace, prefix in prefixes.items():
            if namespace and namespace != XML:
                parts.append(f" xmlns:{prefix}={quoteattr(namespace)}")
    for name, value in element.attributes.items():
        parts.append(f" {_qualified(name, prefixes)}={quoteattr(value)}")
    if not element.children:
        parts.append("/>")
        return
    parts.append(">")
    for child in element.children:
        if isinstance(child, str):
            parts.append(escape(child))
        else:
            _write(child, prefixes, parts)
    parts.append(f"</{tag}>")


def _qualified(name: Name, prefixes: dict[str, str]) -> str:
    prefix = prefixes[name.namespace]
    return f"{prefix}:{name.local}" if prefix else name.local
