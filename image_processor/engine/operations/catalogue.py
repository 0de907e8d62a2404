"""The catalogue of operations, derived from their declarations."""

from __future__ import annotations

from typing import Any

from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Operation


def catalogue() -> list[dict[str, Any]]:
    """One entry per operation: name, group, description, parameters (JSON Schema), example."""
    return [
        {
            "name": operation.name,
            "group": operation.group.value,
            "description": describe(operation),
            "parameters": parameters_schema(operation),
            "example": {"operation": operation.name, "params": operation.example},
        }
        for operation in OPERATIONS
    ]


def describe(operation: type[Operation]) -> str:
    """The docstring of the class, in one line."""
    return " ".join((operation.__doc__ or "").split())


def parameters_schema(operation: type[Operation]) -> dict[str, Any]:
    """JSON Schema of the parameters."""
    schema = operation.model_json_schema()
    schema["title"] = f"{operation.__name__}Params"
    schema.pop("description", None)
    for value in schema.get("properties", {}).values():
        value.pop("title", None)
    return schema
