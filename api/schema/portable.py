"""Schemas in the words that generators of clients understand. They mean the same.

- `enum` with one value in place of `const`: openapi-python-client takes a `const` beside other
  types in `anyOf` as the only allowed value, and other generators ignore it.
- `if`, `then` and `else` in place of an `anyOf` or `oneOf` that only says which fields are
  required, or required with certain values. Generators make a type of each alternative. An
  alternative without fields is a type of any value, so they lose the fields of the object. They
  ignore `if`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_Rules = Sequence[dict[str, Any]]


def make_portable(node: Any) -> Any:
    """Return a part of the document with its schemas rewritten."""
    if isinstance(node, list):
        return [make_portable(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {name: make_portable(value) for name, value in node.items()}
    if "const" in made and not isinstance(made["const"], dict):  # a field may be named `const`
        made["enum"] = [made.pop("const")]
    if _only_require_fields(made.get("oneOf")):
        made |= _exactly_one(made.pop("oneOf"))
    if _only_require_fields(made.get("anyOf")):
        made |= _at_least_one(made.pop("anyOf"))
    return made


def _only_require_fields(alternatives: Any) -> bool:
    return isinstance(alternatives, list) and all(
        "required" in each and each.keys() <= {"required", "properties"} for each in alternatives
    )


def _exactly_one(rules: _Rules) -> dict[str, Any]:
    first, *others = rules
    if not others:
        return first
    none = {"not": _at_least_one(others)}
    return {"if": first, "then": none, "else": _exactly_one(others)}


def _at_least_one(rules: _Rules) -> dict[str, Any]:
    first, *others = rules
    return {"if": first, "then": {}, "else": _at_least_one(others)} if others else first
