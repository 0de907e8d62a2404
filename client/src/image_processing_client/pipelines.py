"""The request for a transformation, as a JSON body or as form fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from image_processing_client.operations import Step

Mode = Literal["async", "sync"]
SYNC_SECONDS = 60.0  # the longest wait that a service can be configured for


class Options(TypedDict, total=False):
    """The options of the result's file. The service chooses the options that are None."""

    format: str | None
    quality: int | Literal["auto"] | None
    lossless: bool | None
    metadata: Literal["keep", "strip"] | None
    background: Any


def build_body(steps: Sequence[Step], options: Options) -> dict[str, Any]:
    """Return the JSON body for these steps."""
    chosen = {name: value for name, value in options.items() if value is not None}
    return {"transformations": list(steps), **chosen}


def to_form(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the body as form fields: strings unchanged, other values as JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()
    }
