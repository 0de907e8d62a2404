"""Turn `application/problem+json` (RFC 9457) into an exception."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from image_processing_client.errors import BY_STATUS, APIError, RefusedValue, ServiceFailed


def parse_error(response: httpx.Response) -> APIError:
    """Return the exception for an answer with an error status. The body must have been read.

    A proxy may answer with a page instead; then only the status is known.
    """
    status = response.status_code
    body = _json_object(response)
    kind = BY_STATUS.get(status, ServiceFailed if status >= 500 else APIError)
    return kind(
        str(body.get("detail") or response.reason_phrase or f"HTTP {status}"),
        status=status,
        code=str(body.get("code") or f"http_{status}"),
        title=str(body.get("title") or ""),
        limit=body.get("limit"),
        actual=body.get("actual"),
        errors=[_parse_value(one) for one in body.get("errors") or () if isinstance(one, Mapping)],
        request_id=body.get("request_id") or response.headers.get("X-Request-ID"),
        retry_after=retry_after(response.headers.get("Retry-After")),
        body=body,
    )


def _json_object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return body if isinstance(body, Mapping) else {}


def _parse_value(item: Mapping[str, Any]) -> RefusedValue:
    return RefusedValue(
        pointer=str(item.get("pointer", "")),
        code=str(item.get("code", "")),
        detail=str(item.get("detail", "")),
        limit=item.get("limit"),
        actual=item.get("actual"),
    )


def retry_after(header: str | None) -> float | None:
    """Parse both forms of `Retry-After` into seconds from now; None if it is not usable."""
    if not header:
        return None
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        then = parsedate_to_datetime(header)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
