"""Headers of operations in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from api.requests import idempotency

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": idempotency.PATTERN},
    OpenApiParameter.HEADER,
    description="Makes it safe to repeat a request whose answer was lost. For 24 hours the same "
    "request with the same key creates nothing more and gets the answer of the first, with "
    "`Idempotent-Replayed: true`. Another request with the key gets 422 "
    "`idempotency_key_reused`; while the first request is running, 409 "
    "`idempotency_in_progress`. An error releases the key.",
)
REPLAYED = {
    "description": "`true` when an earlier request with this `Idempotency-Key` created the object.",
    "schema": {"type": "string", "const": "true"},
}


def header(name: str, description: str, **options: Any) -> OpenApiParameter:
    """A header of the request, or with `response=[status]` of the answers with this status."""
    return OpenApiParameter(name, str, "header", description=description, **options)


def etag(*statuses: int) -> OpenApiParameter:
    """The `ETag` header of the answers with these statuses."""
    return header("ETag", "The version of the shown object.", response=list(statuses))


def location(*statuses: int) -> OpenApiParameter:
    """The `Location` header of the answers with these statuses."""
    return header("Location", "The address of the created object.", response=list(statuses))


LOCATION = location(201)
IF_NONE_MATCH = header("If-None-Match", "ETags that you have: 304 if one of them is current.")
RANGE = header("Range", "The part of the file to send, as `bytes=first-last`.")
# Headers of changes and deletions.
CONDITIONS = [
    header("If-Match", "The ETag that you read: 412 if the object has changed since."),
    header("If-None-Match", "ETags that must not be current: 412 if one of them is."),
]
AUTH_MODE = header(
    "X-Auth-Mode", "`cookie` keeps the tokens out of the body, where scripts could read them."
)
