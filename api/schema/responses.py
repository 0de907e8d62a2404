"""Responses of operations in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse

TITLES = {
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

NOT_MODIFIED = {304: OpenApiResponse(description="You have it already.")}


def problems(*statuses: int) -> dict[Any, Any]:
    """Responses of these statuses, as problem documents."""
    return {
        (status, "application/problem+json"): OpenApiResponse(
            {"$ref": "#/components/schemas/Problem"}, description=TITLES[status]
        )
        for status in statuses
    }


def binary() -> OpenApiResponse:
    """A response of bytes."""
    return OpenApiResponse({"type": "string", "format": "binary"}, description="The bytes")
