"""What is asked of an image, as a JSON body or as a form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from image_processing_client.operations import Step

Mode = Literal["async", "sync"]
SYNC_TIME = 60.0  # seconds; the longest that a service may be set to hold an answer


class Options(TypedDict, total=False):
    """How a result is written; what is None is left to the service."""

    format: str | None
    quality: int | Literal["auto"] | None
    lossless: bool | None
    metadata: Literal["keep", "strip"] | None
    background: Any


def request_of(steps: Sequence[Step], options: Options) -> dict[str, Any]:
    """The body that asks for these steps."""
    given = {name: value for name, value in options.items() if value is not None}
    return {"transformations": list(steps), **given}


def form_of(request: Mapping[str, Any]) -> dict[str, str]:
    """The same as fields of a form: a text as it is, anything else as JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in request.items()
    }
