"""JSON Schemas of a pipeline: its steps and its output options."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Operation
from image_processor.engine.operations.catalogue import describe, parameters_schema
from image_processor.engine.planning.output_request import OutputRequest
from image_processor.engine.planning.parsing import MAX_STEPS, MIN_STEPS

OPENAPI_REF = "#/components/schemas/{model}"
JSON_SCHEMA_REF = "#/$defs/{model}"


def pipeline_schema(ref_template: str = OPENAPI_REF) -> dict[str, Any]:
    """JSON Schema 2020-12 of the `transformations` array, with its definitions in `$defs`.

    By default references point to where an OpenAPI document keeps definitions. With
    `JSON_SCHEMA_REF` the schema is complete in itself.
    """
    definitions: dict[str, Any] = {}
    mapping: dict[str, str] = {}
    for operation in OPERATIONS:
        params = f"{operation.__name__}Params"
        step = f"{operation.__name__}Step"
        definitions[params] = parameters_schema(operation)
        definitions[step] = {
            "type": "object",
            "title": step,
            "description": describe(operation),
            "properties": {
                "operation": {"type": "string", "const": operation.name},
                "params": {"$ref": ref_template.format(model=params)},
            },
            "required": ["operation", "params"] if _needs_params(operation) else ["operation"],
            "additionalProperties": False,
        }
        mapping[operation.name] = ref_template.format(model=step)
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
    """JSON Schemas of the output options beside the steps of a request, by name."""
    options: dict[str, Any] = OutputRequest.model_json_schema()["properties"]
    for option in options.values():
        del option["title"]
        if option["default"] is None:
            del option["default"]  # the same as absent
    return options


def _needs_params(operation: type[Operation]) -> bool:
    """Whether a step of this operation is invalid without parameters."""
    try:
        operation.model_validate({})
    except ValidationError:
        return True
    return False
