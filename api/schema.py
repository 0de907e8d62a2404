"""The OpenAPI document: what drf-spectacular cannot see by itself."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from api.auth.permissions import scopes_of
from api.requests import idempotency
from api.requests.body import Body
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


def header(name: str, description: str, **options: Any) -> OpenApiParameter:
    """A header of the request, or with `response=[status]` of those answers."""
    return OpenApiParameter(name, str, "header", description=description, **options)


def etag(*statuses: int) -> OpenApiParameter:
    """The header that answers of these statuses carry."""
    return header("ETag", "The version of what is shown.", response=list(statuses))


def location(*statuses: int) -> OpenApiParameter:
    """The header that says where what was made is found."""
    return header("Location", "The address of what was made.", response=list(statuses))


LOCATION = location(201)
NOT_MODIFIED = {304: OpenApiResponse(description="You have it already.")}
IF_NONE_MATCH = header("If-None-Match", "ETags that you have: 304 if one of them still holds.")
# What a change takes, and a deletion.
CONDITIONS = [
    header("If-Match", "The ETag that you read: 412 if the object has changed since."),
    header("If-None-Match", "ETags that must not hold: 412 if one of them does."),
]
AUTH_MODE = header(
    "X-Auth-Mode", "`cookie` keeps the tokens out of the body, where scripts could read them."
)


class BodySchema(PydanticExtension):
    """Describe a request body by its model, under the name of the model's class."""

    target_class = "api.requests.body.Body"
    match_subclasses = True
    priority = 1

    def get_name(self, auto_schema: Any, direction: Any) -> str:
        super().get_name(auto_schema, direction)  # a model has no fields of serializers: no warning
        return self.target.__name__.removesuffix("Request")  # spectacular adds it

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema = self.target.openapi()
        for name, nested in schema.pop("$defs", {}).items():
            auto_schema.registry.register_on_missing(
                ResolvedComponent(name, ResolvedComponent.SCHEMA, nested, name)
            )
        return schema


class StrictSerializerSchema(OpenApiSerializerExtension):
    """A body that refuses unknown fields says so."""

    target_class = "api.requests.strict.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**schema, "additionalProperties": False}


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

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Judged by what a success answers, not by the problem documents beside it."""
        answers = self.get_response_serializers() if serializer is None else serializer
        if isinstance(answers, dict):
            answers = answers.get(200, answers)
        listed: bool = super()._is_list_view(answers)
        return listed

    def _is_create_operation(self) -> bool:
        # Most POSTs (signing in, cancelling) answer 200, which spectacular would guess to be 201.
        # The views that create say so.
        return False

    def _get_request_for_media_type(self, serializer: Any, direction: str = "request") -> Any:
        """Spectacular marks what it finds in a PATCH as partial: a model says so by its fields."""
        if not (isinstance(serializer, type) and issubclass(serializer, Body)):
            return super()._get_request_for_media_type(serializer, direction)
        component = self.resolve_serializer(serializer, direction)
        return component.ref, bool(component.schema.get("required"))

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
            if scopes := scopes_of(self.view):
                names = " and ".join(f"`{scope}`" for scope in scopes)
                needed = f"API keys need the scope{'s' if len(scopes) > 1 else ''} {names}."
                self._describe(operation, needed)
            if known_as := getattr(self.view, "alias_of", ""):
                self._describe(operation, f"Another name of `{known_as}`.")
            if self._is_idempotent():
                created = next(each for each in ("201", "202") if each in operation["responses"])
                headers = operation["responses"][created].setdefault("headers", {})
                headers["Idempotent-Replayed"] = _REPLAYED
            operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    @staticmethod
    def _describe(operation: dict[str, Any], sentence: str) -> None:
        """Add a paragraph to the description."""
        given = operation.get("description")
        operation["description"] = f"{given}\n\n{sentence}" if given else sentence

    def _shared_refusals(self, operation: dict[str, Any]) -> list[int]:
        refusals = [429, 503]
        if self.get_auth() != [{}]:
            refusals += [401, 403]
        if self._is_idempotent():
            refusals += [409, 410, 422]
        if "requestBody" in operation:
            refusals += [400, 413, 415]
        if any(parameter["in"] == "query" for parameter in operation.get("parameters", [])):
            refusals.append(400)
        return refusals


def add_shared_parts(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A spectacular hook: the problem document and the pipeline, as the engine declares it."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    pipeline = engine.pipeline_schema(engine.OPENAPI_REF)
    schemas.update(pipeline.pop("$defs", {}))
    schemas["Pipeline"] = pipeline
    return result
