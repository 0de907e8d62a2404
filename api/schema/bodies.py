"""Request bodies in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.pydantic import PydanticExtension
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.plumbing import ResolvedComponent


class BodySchema(PydanticExtension):
    """Describe a request body by its Pydantic model. Used for every subclass of `Body`."""

    target_class = "api.requests.body.Body"
    match_subclasses = True
    priority = 1

    def get_name(self, auto_schema: Any, direction: Any) -> str:
        super().get_name(auto_schema, direction)  # switches a mistaken warning off
        return self.target.__name__.removesuffix("Request")  # spectacular adds this suffix

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema = self.target.openapi()
        for name, nested in schema.pop("$defs", {}).items():
            auto_schema.registry.register_on_missing(
                ResolvedComponent(name, ResolvedComponent.SCHEMA, nested, name)
            )
        return schema


class StrictSerializerSchema(OpenApiSerializerExtension):
    """Describe the body of a strict serializer as an object without other fields."""

    target_class = "api.requests.strict.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if direction == "request" and self.target.needs_one_of:
            schema["anyOf"] = [{"required": [name]} for name in self.target.needs_one_of]
        # A client must accept fields that a later release adds to an answer.
        return {**schema, "additionalProperties": False} if direction == "request" else schema
