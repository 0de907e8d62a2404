"""What operations there are, derived from their declarations."""

from __future__ import annotations

from typing import Any

from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Operation
from image_processor.engine.planning.output_options import Request
from image_processor.engine.planning.validation import MAX_STEPS, MIN_STEPS

OPENAPI_REF = "#/components/schemas/{model}"
JSON_SCHEMA_REF = "#/$defs/{model}"


def catalogue() -> list[dict[str, Any]]:
    """One entry per operation: name, group, description, parameters (JSON Schema), example."""
    return [
        {
            "name": operation.name,
            "group": operation.group.value,
            "description": _description(operation),
            "parameters": _parameters(operation),
            "example": {"operation": operation.name, "params": operation.example},
        }
        for operation in OPERATIONS
    ]


def pipeline_schema(ref_template: str = OPENAPI_REF) -> dict[str, Any]:
    """JSON Schema 2020-12 of the `transformations` array, with its definitions in `$defs`.

    They refer to each other where an OpenAPI document keeps them, under `components/schemas`;
    `JSON_SCHEMA_REF` as `ref_template` makes the schema complete in itself.
    """
    definitions: dict[str, Any] = {}
    mapping: dict[str, str] = {}
    for operation in OPERATIONS:
        params = _parameters(operation)
        reference = ref_template.format(model=f"{operation.__name__}Step")
        params_reference = ref_template.format(model=f"{operation.__name__}Params")
        optional = operation.accepts_nothing()
        definitions[f"{operation.__name__}Params"] = params
        definitions[f"{operation.__name__}Step"] = {
            "type": "object",
            "title": f"{operation.__name__}Step",
            "description": _description(operation),
            "properties": {
                "operation": {"type": "string", "const": operation.name},
                "params": {"$ref": params_reference},
            },
            "required": ["operation"] if optional else ["operation", "params"],
            "additionalProperties": False,
        }
        mapping[operation.name] = reference
    return {
        "type": "array",
        "title": "Transformations",
        "description": "The steps of a pipeline, in the order in which they are applied.",
        "minItems": MIN_STEPS,
        "maxItems": MAX_STEPS,
        "items": {
            "oneOf": [{"$ref": reference} for reference in mapping.values()],
            "discriminator": {"propertyName": "operation", "mapping": mapping},
        },
        "$defs": definitions,
    }


def options_schema() -> dict[str, Any]:
    """JSON Schemas of what a request may say beside its steps, by name."""
    options: dict[str, Any] = Request.model_json_schema()["properties"]
    for option in options.values():
        del option["title"]
        if option["default"] is None:
            del option["default"]  # as good as absent
    return options


def _description(operation: type[Operation]) -> str:
    return " ".join((operation.__doc__ or "").split())


def _parameters(operation: type[Operation]) -> dict[str, Any]:
    schema = operation.model_json_schema()
    schema["title"] = f"{operation.__name__}Params"
    schema.pop("description", None)
    for value in schema.get("properties", {}).values():
        value.pop("title", None)
    return schema
