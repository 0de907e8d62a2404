"""Example values for JSON schemas of the OpenAPI document."""

from __future__ import annotations

from typing import Any

_BY_NAME = {
    "email": "jane@example.com",
    "username": "jane",
    "password": "a-long-pass-phrase-7",
    "first_name": "Jane",
    "last_name": "Doe",
    "file_name": "garden.jpg",
    "description": "A garden in spring",
    "tags": "garden",
    "name": "Nightly backup",
}
_BY_FORMAT = {
    "email": "jane@example.com",
    "uri": "https://example.com/",
    "binary": "",
    "date-time": "2099-12-31T00:00:00Z",
}
_BY_TYPE: dict[str, Any] = {"integer": 1, "number": 0.5, "boolean": True, "null": None}


def sample(document: dict[str, Any], schema: dict[str, Any], name: str = "") -> Any:
    """Return the schema's example or default; without one, the simplest value of its type."""
    if "$ref" in schema:
        return sample(document, _resolve(document, schema["$ref"]), name)
    for key in ("example", "default"):
        if schema.get(key) is not None:
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    for key in ("allOf", "oneOf", "anyOf"):
        # Beside properties, these say which of them go together.
        if schema.get(key) and "properties" not in schema:
            return sample(document, schema[key][0], name)
    kinds = schema.get("type", "string")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        properties = schema.get("properties", {})
        return {
            key: sample(document, inner, key)
            for key, inner in properties.items()
            if not inner.get("readOnly")
        }
    if kind == "array":
        return [sample(document, schema.get("items", {}), name)]
    if kind == "string":
        start = name.rstrip("12").removeprefix("new_").removeprefix("old_")
        start = start.removeprefix("current_")
        return _BY_NAME.get(start, _BY_FORMAT.get(schema.get("format", ""), ""))
    return schema.get("minimum", _BY_TYPE[kind])


def summary_of_parameter(parameter: dict[str, Any]) -> str:
    """Return the description of a query parameter; without one, its allowed values."""
    description: str = parameter.get("description", "")
    values = parameter["schema"].get("enum")
    if description or not values:
        return description
    return f" One of: {', '.join(map(str, values))}."


def _resolve(document: dict[str, Any], reference: str) -> dict[str, Any]:
    schema: dict[str, Any] = document
    for name in reference.removeprefix("#/").split("/"):
        schema = schema[name]
    return schema
