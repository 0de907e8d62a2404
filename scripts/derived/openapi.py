"""docs/openapi.json: what `/api/schema/` answers."""

from __future__ import annotations

import json
from functools import cache
from typing import Any


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    from drf_spectacular.generators import SchemaGenerator  # needs Django's settings

    made: dict[str, Any] = SchemaGenerator(api_version="v1").get_schema(request=None, public=True)
    # To plain JSON and back: the generator leaves lazy strings in it.
    plain: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return plain


def text() -> str:
    """The file."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
