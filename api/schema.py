"""The OpenAPI document: what drf-spectacular cannot see by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from api import idempotency
from api.permissions import scope_of
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
        "code": {"type": "string", "description": "Stable, for programs."},
        "request_id": {"type": ["string", "null"]},
        "limit": {"description": "The limit that was hit."},
        "actual": {"description": "The value that hit it."},
        "quota": {
            "type": "string",
            "enum": ["bytes_stored", "tasks_this_month", "concurrent_tasks"],
            "description": "Which quota, where the code is quota_exceeded.",
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

QUALITY = {
    "description": "Of a lossy format; auto is the lowest at which the result still looks "
    "the same. The task shows the one that was used.",
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": 100},
        {"type": "string", "const": "auto"},
    ],
}
_STEPS = {"transformations": {"$ref": "#/components/schemas/Pipeline"}}
_PRESET = {
    "preset": {
        "description": "In place of transformations: one of your presets, by its id (a number) "
        "or its name (a text). Options of the body win over those of the preset.",
        "anyOf": [{"type": "integer"}, {"type": "string"}],
    }
}
_OPTIONS = {
    "format": {
        "type": "string",
        "description": "Output format in any case; the source's own if absent.",
    },
    "quality": QUALITY,
    "lossless": {"type": "boolean"},
    "metadata": {"type": "string", "enum": ["keep", "strip"]},
    "background": {"type": "string", "description": "Colour under transparent parts."},
}
_STEPS_OR_PRESET = [{"required": ["transformations"]}, {"required": ["preset"]}]
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
        **_STEPS,
        **_PRESET,
        **_OPTIONS,
        "mode": {"type": "string", "enum": ["async"], "default": "async"},
    },
    "additionalProperties": False,
    "example": _EXAMPLE,
}

PRESET_CHANGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
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
    "maxItems": 1000,
    "uniqueItems": True,
}
_FILTER = {
    "type": "object",
    "description": "All images that meet every condition; as in the query of `GET images/`.",
    "properties": {
        "format": {"type": "string"},
        "created_after": {"type": "string", "format": "date-time"},
        "created_before": {"type": "string", "format": "date-time"},
        "min_width": {"type": "integer", "minimum": 0},
        "max_width": {"type": "integer", "minimum": 0},
        "min_height": {"type": "integer", "minimum": 0},
        "max_height": {"type": "integer", "minimum": 0},
        "tag": {"type": "string"},
    },
    "additionalProperties": False,
}
BATCH_REQUEST = {
    "type": "object",
    "allOf": [
        {"oneOf": [{"required": ["image_ids"]}, {"required": ["filter"]}]},
        {"oneOf": _STEPS_OR_PRESET},
    ],
    "properties": {"image_ids": _IDS, "filter": _FILTER, **_STEPS, **_PRESET, **_OPTIONS},
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

CATALOGUE = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "group", "description", "parameters", "example"],
        "properties": {
            "name": {"type": "string"},
            "group": {"type": "string"},
            "description": {"type": "string"},
            "parameters": {"type": "object", "description": "JSON Schema of `params`."},
            "example": {"type": "object"},
        },
    },
}

_TITLES = {
    400: "The request is not valid",
    401: "Not signed in, or the token is not valid",
    403: "Not allowed",
    404: "No such object of yours",
    409: "Not possible in the present state",
    410: "Created by an earlier request with this Idempotency-Key, and deleted since",
    412: "Changed since it was read",
    413: "Too large",
    415: "Not a supported format",
    422: "Well-formed, but more than is possible",
    429: "Too many requests",
    503: "A part of the service does not answer",
    507: "The storage is full",
}

_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": idempotency.PATTERN},
    OpenApiParameter.HEADER,
    description="Makes it safe to ask again when an answer was lost: for 24 hours the same request "
    "with the same key creates nothing more and is answered as the first was, with "
    "`Idempotent-Replayed: true`. Another request with that key is 422 `idempotency_key_reused`; "
    "while the first is running, 409 `idempotency_in_progress`. An error leaves the key free.",
)
_REPLAYED = {
    "description": "`true` when an earlier request with this `Idempotency-Key` created the object.",
    "schema": {"type": "string", "const": "true"},
}


def problems(*statuses: int) -> dict[Any, Any]:
    """Responses of these statuses, as problem documents."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            {"$ref": "#/components/schemas/Problem"}, description=_TITLES[status]
        )
        for status in statuses
    }


def binary() -> OpenApiResponse:
    """A response of bytes."""
    return OpenApiResponse({"type": "string", "format": "binary"}, description="The bytes")


class AutoSchema(SpectacularAutoSchema):
    """Adds what every operation shares: a summary, and the refusals of all of its kind."""

    def is_excluded(self) -> bool:
        """Each route is described once, by its canonical path."""
        return not self.path.startswith("/api/v1/")

    def get_summary(self) -> str | None:
        """As given by the view, else the first sentence of its description."""
        given: str | None = super().get_summary()
        if given:
            return given
        first = " ".join((self.get_description() or "").split("\n\n")[0].split())
        sentence, _, _ = first.partition(". ")
        return sentence.partition(";")[0].rstrip(".") or None

    def get_override_parameters(self) -> list[Any]:
        return [_IDEMPOTENCY_KEY] if self._is_idempotent() else []

    def _is_idempotent(self) -> bool:
        action = getattr(self.view, getattr(self.view, "action", None) or "", None)
        return getattr(action, "idempotent", False)

    def _is_create_operation(self) -> bool:
        # Other POSTs (signing in, cancelling) answer 200; spectacular would guess 201.
        return getattr(self.view, "action", None) == "create"

    def _get_request_body(self, direction: str = "request") -> Any:
        """Also the body of a DELETE whose view names one, such as the password to an account."""
        if self.method != "DELETE":
            return super()._get_request_body(direction)
        named = self.get_request_serializer()
        usual = SpectacularAutoSchema.get_request_serializer(self)
        if named is None or isinstance(usual, named if isinstance(named, type) else type(named)):
            return None
        self.method = "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation:
            for status in self._shared_refusals(operation):
                operation["responses"].setdefault(
                    str(status),
                    {
                        "description": _TITLES[status],
                        "content": {
                            "application/problem+json": {
                                "schema": {"$ref": "#/components/schemas/Problem"}
                            }
                        },
                    },
                )
            if scope := scope_of(self.view):
                needed = f"API keys need the scope `{scope}`."
                given = operation.get("description")
                operation["description"] = f"{given}\n\n{needed}" if given else needed
            if self._is_idempotent():
                headers = operation["responses"]["201"].setdefault("headers", {})
                headers["Idempotent-Replayed"] = _REPLAYED
            operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _shared_refusals(self, operation: dict[str, Any]) -> list[int]:
        refusals = [429, 503]
        if self.get_auth() != [{}]:
            refusals += [401, 403]
        if self._is_idempotent():
            refusals += [409, 410, 422]
        if "requestBody" in operation:
            refusals += [400, 413, 415]
        return refusals


def add_shared_parts(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A spectacular hook: the problem document and the pipeline, as the engine declares it."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    pipeline = engine.pipeline_schema(engine.OPENAPI_REF)
    schemas.update(pipeline.pop("$defs", {}))
    schemas["Pipeline"] = pipeline
    return result
