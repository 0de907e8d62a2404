"""Hypothesis strategies for valid parameters, derived from the declarations' JSON Schema."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Operation

LETTERS = "abc XYZ 0123 ©&."
COLOURS = ["#fff", "#102030", "#12345678", "tomato", "gray", "transparent"]
# Sides and margins are declared up to 16384; small ones keep a test small.
SMALL = 80
# Whatever id of an image is declared: this one the tests have.
IMAGE_ID = 1


def of_schema(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of one parameter's schema."""
    if "anyOf" in schema:
        return st.one_of([of_schema(option) for option in schema["anyOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("format") == "color":
        return st.sampled_from(COLOURS)
    if "examples" in schema:
        return st.sampled_from(schema["examples"])
    kind = schema["type"]
    if kind == "null":
        return st.none()
    if kind == "object":
        fields = schema["properties"]
        return st.fixed_dictionaries({name: of_schema(field) for name, field in fields.items()})
    if kind == "boolean":
        return st.booleans()
    low, high = schema.get("minimum", 0), schema.get("maximum", 10**6)
    if kind == "integer":
        return st.integers(low, min(high, SMALL) if schema.get("x-unit") == "px" else high)
    if kind == "number":
        return st.floats(low, high)
    if ":" in schema.get("pattern", ""):
        return st.builds("{}:{}".format, st.integers(1, 99), st.integers(1, 99))
    return st.text(LETTERS, min_size=schema.get("minLength", 0), max_size=12)


def is_valid(operation: type[Operation], params: dict[str, Any]) -> bool:
    try:
        operation.model_validate(params)
    except ValidationError:
        return False
    return True


def params_of(operation: type[Operation]) -> st.SearchStrategy[dict[str, Any]]:
    """Valid parameters of one operation: any of its fields, in any combination that it takes."""
    schema = operation.model_json_schema()
    always = set(schema.get("required", []))
    fields = {name: of_schema(field) for name, field in schema.get("properties", {}).items()}
    if "image_id" in fields:
        fields["image_id"] = st.none() | st.just(IMAGE_ID)
    # Each way to call it by itself: among any fields at all the valid ones would be too rare.
    ways = [set(way["required"]) for way in schema.get("anyOf", [{"required": []}])]
    drawn = [
        st.fixed_dictionaries(
            {name: fields[name] for name in required},
            optional={name: field for name, field in fields.items() if name not in required},
        )
        for required in (always | way for way in ways)
    ]
    return st.one_of(drawn).filter(lambda params: is_valid(operation, params))


def steps(max_size: int = 3) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Short valid pipelines of any operations."""
    one = st.sampled_from(OPERATIONS).flatmap(
        lambda operation: params_of(operation).map(
            lambda params: {"operation": operation.name, "params": params}
        )
    )
    return st.lists(one, min_size=1, max_size=max_size)
