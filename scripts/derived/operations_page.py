"""docs/operations.md and docs/operations.json: every operation with its parameters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from scripts.derived import operations_pictures

_INTRODUCTION = """\
# Operations

<!-- Derived from the engine's declarations by scripts/generate: do not edit. -->

A pipeline is a list of 1 to 32 steps, `{"operation": ..., "params": {...}}`, which are applied in
order. Unknown operations, unknown parameters and values out of range are refused: the error names
the place, the value and the limit. Nothing is clamped or ignored. `GET /api/v1/operations/` returns
this list with JSON Schemas.
"""

_UNITS = {"px": "px", "deg": "degrees", "%": "%", "0..1": "fraction", "bytes": "bytes"}


def text() -> str:
    """Return the text of the file."""
    from image_processor.engine import catalogue

    operations = catalogue()
    lines = [_INTRODUCTION, *_contents(operations)]
    for group, members in groupby(operations, key=lambda operation: operation["group"]):
        lines += ["", f"## {group.capitalize()}"]
        for operation in members:
            lines += _section(operation)
    return "\n".join(lines) + "\n"


def catalogue_text() -> str:
    """Return the catalogue as JSON, as `GET operations/` answers it."""
    from image_processor.engine import catalogue

    return json.dumps(catalogue(), indent=1, ensure_ascii=False) + "\n"


def _contents(operations: list[dict[str, Any]]) -> Iterator[str]:
    for operation in operations:
        name = operation["name"]
        yield f"- [`{name}`](#{name}): {operation['description']}"


def _section(operation: dict[str, Any]) -> Iterator[str]:
    schema = operation["parameters"]
    yield from ("", f"### {operation['name']}", "", operation["description"])
    properties: dict[str, dict[str, Any]] = schema.get("properties", {})
    if properties:
        yield from ("", "| parameter | type | range | default | meaning |", "|---|---|---|---|---|")
        for name, field in properties.items():
            yield _row(name, field, required=name in schema.get("required", []))
    else:
        yield from ("", "It takes no parameters.")
    if choice := _required_groups(schema):
        yield from ("", choice)
    yield from ("", "```json", json.dumps(operation["example"], ensure_ascii=False), "```")
    yield from _picture(operation["name"])


def _picture(name: str) -> Iterator[str]:
    source = operations_pictures.path_of(name).removeprefix("docs/")
    yield from ("", f"![A photograph, and what {name} makes of it]({source})")
    if showcase := operations_pictures.SHOWCASES.get(name):
        yield from ("", f"The picture: `{json.dumps(showcase, ensure_ascii=False)}`")


def _row(name: str, field: dict[str, Any], *, required: bool) -> str:
    inner = _inner(field)
    cells = (
        f"`{name}`",
        _type(inner),
        _range(inner),
        "required" if required else _default(field),
        field.get("description", "") + (" Deprecated." if field.get("deprecated") else ""),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _inner(field: dict[str, Any]) -> dict[str, Any]:
    """Return the field's schema without "or null", which only means that it may be absent."""
    options = [option for option in field.get("anyOf", []) if option.get("type") != "null"]
    if not options:
        return field
    rest = {key: value for key, value in field.items() if key != "anyOf"}
    return {**rest, **(options[0] if len(options) == 1 else {"anyOf": options})}


def _type(field: dict[str, Any]) -> str:
    if field.get("format") == "color":
        return "colour"
    if "enum" in field or "const" in field:
        return "word"
    if "anyOf" in field:
        return " or ".join(_type(option) for option in field["anyOf"])
    if "x-refers-to" in field:
        return f"integer, {field['x-refers-to']} id"
    unit = field.get("x-unit")
    return str(field.get("type", "any")) + (f", {_UNITS.get(unit, unit)}" if unit else "")


def _range(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if "anyOf" in field:
        return ", or ".join(filter(None, (_range(option) for option in field["anyOf"])))
    if field.get("format") == "color":
        return "`#rgb`, `#rrggbb`, `#rrggbbaa`, a CSS name, `transparent`"
    if "minimum" in field or "maximum" in field:
        return f"{_plain(field.get('minimum', ''))} to {_plain(field.get('maximum', ''))}"
    if "pattern" in field:
        return f"`{field['pattern']}`"
    if "maxLength" in field:
        return f"{field.get('minLength', 0)} to {field['maxLength']} characters"
    return ""


def _plain(number: Any) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number}"


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    return "" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"


def _required_groups(schema: dict[str, Any]) -> str:
    """Describe which parameters must be given together."""
    for key, start in (("anyOf", "Give at least"), ("oneOf", "Give either")):
        options = [option["required"] for option in schema.get(key, []) if "required" in option]
        if options:
            named = (" and ".join(f"`{name}`" for name in names) for names in options)
            return f"{start} {', or '.join(named)}."
    return ""
