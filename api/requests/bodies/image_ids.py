"""Bodies with ids of images: archives."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationInfo

from api.requests.body import PipelineBody
from api.requests.body_errors import carry
from image_processor.transform import batches
from utils.errors import Problem


def _require_few(value: Any) -> Any:
    if isinstance(value, list):
        batches.require_few(len(value))
    return value


def _require_different(ids: list[int], info: ValidationInfo) -> list[int]:
    seen: set[int] = set()
    repeated = []
    for index, pk in enumerate(ids):
        if pk in seen:
            pointer = f"/{info.field_name}/{index}"
            detail = f"The id {pk} is in the list twice."
            repeated.append(Problem(pointer, "repeated", detail, actual=pk))
        seen.add(pk)
    if repeated:
        raise carry(*repeated)
    return ids


def _require_some(ids: list[int], info: ValidationInfo) -> list[int]:
    if not ids:
        detail = f"{info.field_name} must have at least 1 item but has 0."
        raise carry(Problem(f"/{info.field_name}", "empty", detail, 1, 0))
    return ids


# A list without duplicates. A list above the limit raises `TooManyImages`. An empty list is valid
# here; a batch without images has an error of its own.
Ids = Annotated[
    list[Annotated[int, Field(ge=1, le=2**63 - 1)]],
    BeforeValidator(_require_few),
    AfterValidator(_require_different),
    Field(json_schema_extra={"minItems": 1, "maxItems": batches.MAX_IMAGES, "uniqueItems": True}),
]


class ZipRequest(PipelineBody):
    """The body of `POST images/zip/` and `POST images/transformed/zip/`."""

    model_config = ConfigDict(json_schema_extra={"example": {"ids": [1, 2]}})

    ids: Annotated[Ids, AfterValidator(_require_some)]
