"""Schemas in the words that generators of clients understand. They mean the same.

- `enum` with one value in place of `const`: openapi-python-client takes a `const` beside other
  types in `anyOf` as the only allowed value, and other generators ignore it.
- `if`, `then` and `else` in place of a `oneOf` that only says which fields are required. Generators
  make a type of each branch of `oneOf`. A branch without fields is a type of any value, so they
  lose the fields of the object. They ignore `if`.
"""

from __future__ import annotations

from typing import Any


def make_portable(node: Any) -> Any:
    """Return a part of the document with its schemas rewritten."""
    if isinstance(node, list):
        return [make_portable(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {name: make_portable(value) for name, value in node.items()}
    if "const" in made and not isinstance(made["const"], dict):  # a field may be named `const`
        made["enum"] = [made.pop("const")]
    if names := _alternatives(made):
        del made["oneOf"]
        made |= _exactly_one(names)
    if "allOf" in made and all(_alternatives(each) for each in made["allOf"]):
        made["allOf"] = [_exactly_one(_alternatives(each)) for each in made["allOf"]]
    return made


def _alternatives(schema: dict[str, Any]) -> list[str]:
    """The fields of which exactly one is required; empty if the schema has no such rule."""
    branches = schema.get("oneOf")
    if not isinstance(branches, list):
        return []
    if not all(each.keys() == {"required"} and len(each["required"]) == 1 for each in branches):
        return []
    return [each["required"][0] for each in branches]


def _exactly_one(names: list[str]) -> dict[str, Any]:
    first, *others = names
    if not others:
        return {"required": names}
    return {
        "if": {"required": [first]},
        "then": {"not": {"anyOf": [{"required": [name]} for name in others]}},
        "else": _exactly_one(others),
    }
