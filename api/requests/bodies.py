"""JSON Schemas of the request bodies whose values the engine checks, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from api.lists.filters import LONGEST_SEARCH
from image_processor import engine
from image_processor.transform.batches import MAX_IMAGES
from image_processor.transform.presets import MAX_NAME

# What becomes of the caller: told at once, or when the task has ended.
MODES = ("async", "sync")

_OPTIONS = engine.options_schema()
# As a row shows it: null where none was given.
QUALITY = _OPTIONS["quality"]
_STEPS = {"transformations": {"$ref": "#/components/schemas/Pipeline"}}
_STEPS_OR_PRESET = [{"required": ["transformations"]}, {"required": ["preset"]}]
_PIPELINE = {
    **_STEPS,
    "preset": {
        "description": "In place of transformations: one of your presets, by its id (a number) "
        "or its name (a text). Options of the body win over those of the preset.",
        "anyOf": [{"type": "integer"}, {"type": "string"}],
    },
    **_OPTIONS,
}
_EXAMPLE = {
    "transformations": [
        {"operation": "resize", "params": {"width": 800, "height": 600}},
        {"operation": "apply_filter", "params": {"grayscale": True}},
    ],
    "format": "jpeg",
}

TRANSFORM_REQUEST = {
    "type": "object",
    "oneOf": _STEPS_OR_PRESET,
    "properties": {
        **_PIPELINE,
        "mode": {
            "type": "string",
            "enum": list(MODES),
            "default": "async",
            "description": "sync holds the answer until the task has ended.",
        },
    },
    "additionalProperties": False,
    "example": _EXAMPLE,
}

PREVIEW_REQUEST = {
    "type": "object",
    "oneOf": _STEPS_OR_PRESET,
    "properties": {
        **_PIPELINE,
        "encoded": {
            "type": "boolean",
            "default": False,
            "description": "In the format and quality of the finished result.",
        },
    },
    "additionalProperties": False,
    "example": _EXAMPLE,
}

PRESET_CHANGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
        "description": {"type": "string", "maxLength": 10_000},
        **_STEPS,
        **_OPTIONS,
    },
    "additionalProperties": False,
    "example": {"quality": 70},
}
PRESET_REQUEST = {
    **PRESET_CHANGE,
    "required": ["name", "transformations"],
    "example": {"name": "shop", **_EXAMPLE},
}

_IDS = {
    "type": "array",
    "items": {"type": "integer", "minimum": 1},
    "minItems": 1,
    "maxItems": MAX_IMAGES,
    "uniqueItems": True,
}
_PIXELS = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_TIME = {"type": "string", "format": "date-time"}
_FILTER = {
    "type": "object",
    "description": "All images that meet every condition; as in the query of `GET images/`.",
    "properties": {
        "search": {"type": "string", "minLength": 1, "maxLength": LONGEST_SEARCH},
        "format": {"type": "string"},
        "created_after": _TIME,
        "created_before": _TIME,
        "min_width": _PIXELS,
        "max_width": _PIXELS,
        "min_height": _PIXELS,
        "max_height": _PIXELS,
        "tag": {"type": "string", "minLength": 1},
    },
    "additionalProperties": False,
}
BATCH_REQUEST = {
    "type": "object",
    "allOf": [
        {"oneOf": [{"required": ["image_ids"]}, {"required": ["filter"]}]},
        {"oneOf": _STEPS_OR_PRESET},
    ],
    "properties": {"image_ids": _IDS, "filter": _FILTER, **_PIPELINE},
    "additionalProperties": False,
    "example": {"image_ids": [1, 2], **_EXAMPLE},
}
ZIP_REQUEST = {
    "type": "object",
    "required": ["ids"],
    "properties": {"ids": _IDS},
    "additionalProperties": False,
    "example": {"ids": [1, 2]},
}
