"""Responses of operations in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse

_DESCRIPTIONS = {
    400: "The request is not valid",
    401: "Not signed in, or the token is not valid",
    403: "Not allowed",
    404: "Not found in your account",
    409: "Not possible in the current state",
    410: "The object that this Idempotency-Key created was deleted",
    412: "The object has changed",
    413: "Too large",
    415: "Not a supported format",
    416: "The range lies behind the end of the file",
    422: "Valid, but not possible",
    429: "Too many requests",
    503: "A part of the service is unavailable",
    507: "The storage is full",
}

NOT_MODIFIED = {304: OpenApiResponse(description="You have the current version.")}


def problems(*statuses: int) -> dict[Any, Any]:
    """Error responses with these statuses, for `extend_schema`."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            {"$ref": "#/components/schemas/Problem"}, description=_DESCRIPTIONS[status]
        )
        for status in statuses
    }


def binary() -> OpenApiResponse:
    """A response that is a file."""
    return OpenApiResponse({"type": "string", "format": "binary"}, description="The bytes")


def problem_response(status: int) -> dict[str, Any]:
    """The error response with this status, as it stands in the document."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {"description": _DESCRIPTIONS[status], "content": content}
