"""Schemas that many operations of the OpenAPI document share."""

from __future__ import annotations

from typing import Any

from api.schema.portable import make_portable
from image_processor import engine

PROBLEM = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable code for programs."},
        "request_id": {"type": ["string", "null"]},
        "limit": {"description": "The limit that was exceeded."},
        "actual": {"description": "The value that exceeded it."},
        "quota": {
            "type": "string",
            "enum": ["bytes_stored", "tasks_this_month", "concurrent_tasks", "images"],
            "description": "The exceeded quota, where the code is quota_exceeded.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "limit": {},
                    "actual": {},
                },
            },
        },
    },
    "additionalProperties": True,
}

CATALOGUE_ITEM = {
    "type": "object",
    "required": ["name", "group", "description", "parameters", "example"],
    "properties": {
        "name": {"type": "string"},
        "group": {"type": "string"},
        "description": {"type": "string"},
        "parameters": {"type": "object", "description": "JSON Schema of `params`."},
        "example": {"type": "object"},
    },
}


def add_shared_parts(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the problem document and the engine's pipeline; make all schemas portable.

    A hook of spectacular.
    """
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    pipeline = engine.pipeline_schema(engine.OPENAPI_REF)
    schemas.update(pipeline.pop("$defs", {}))
    schemas["Pipeline"] = pipeline
    portable: dict[str, Any] = make_portable(result)
    return portable
