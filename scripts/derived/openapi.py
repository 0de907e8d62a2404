"""docs/openapi.json: the OpenAPI document that `/api/schema/` returns."""

from __future__ import annotations

import json
from functools import cache
from typing import Any


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    from drf_spectacular.generators import SchemaGenerator  # needs Django's settings

    lazy: dict[str, Any] = SchemaGenerator(api_version="v1").get_schema(request=None, public=True)
    # The document holds lazy strings; JSON and back turns them into plain ones.
    plain: dict[str, Any] = json.loads(json.dumps(lazy, default=str))
    return plain


def text() -> str:
    """Return the text of the file."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
