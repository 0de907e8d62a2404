"""Headers of operations in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from api.requests import idempotency

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": idempotency.PATTERN},
    OpenApiParameter.HEADER,
    description="Makes it safe to ask again when an answer was lost: for 24 hours the same request "
    "with the same key creates nothing more and is answered as the first was, with "
    "`Idempotent-Replayed: true`. Another request with that key is 422 `idempotency_key_reused`; "
    "while the first is running, 409 `idempotency_in_progress`. An error leaves the key free.",
)
REPLAYED = {
    "description": "`true` when an earlier request with this `Idempotency-Key` created the object.",
    "schema": {"type": "string", "const": "true"},
}


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
IF_NONE_MATCH = header("If-None-Match", "ETags that you have: 304 if one of them still holds.")
# What a change takes, and a deletion.
CONDITIONS = [
    header("If-Match", "The ETag that you read: 412 if the object has changed since."),
    header("If-None-Match", "ETags that must not hold: 412 if one of them does."),
]
AUTH_MODE = header(
    "X-Auth-Mode", "`cookie` keeps the tokens out of the body, where scripts could read them."
)
