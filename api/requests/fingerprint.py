"""Fingerprints of requests: equal for equal method, route, query and body.

A fingerprint covers the parsed request, not its bytes, because two attempts of one client may
differ in the boundary of a form, the order of members and the spelling of the path (`/api/`,
`/api/v1/`, with or without a slash).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework.request import Request


def fingerprint(request: Request) -> str:
    """SHA-256 in hex. Raises what the parsing of the body raises."""
    match = request.resolver_match
    assert match is not None
    content = {
        "method": request.method,
        "route": match.url_name,
        "of": match.kwargs,
        "query": sorted(request.query_params.lists()),
        "body": _form(request.data) if isinstance(request.data, QueryDict) else [request.data],
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _form(data: QueryDict) -> dict[str, Any]:
    return {name: [_value(each) for each in values] for name, values in data.lists()}


def _value(value: Any) -> Any:
    """A text unchanged; a file as its name and digest, computed piece by piece."""
    if not isinstance(value, UploadedFile):
        return value
    value.seek(0)
    digest = hashlib.file_digest(value.file, "sha256").hexdigest()  # type: ignore[arg-type]
    value.seek(0)
    return {"name": value.name, "sha256": digest}
