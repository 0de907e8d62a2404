"""The body of `POST batches/`."""

from __future__ import annotations

from typing import Annotated, Any, Self

from drf_spectacular.drainage import get_override
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator
from rest_framework.exceptions import ValidationError

from api.lists.image_list_filters import ImageFilterSet
from api.requests.bodies.image_ids import Ids
from api.requests.bodies.pipeline import EXAMPLE, STEPS_OR_PRESET, PipelineRequest
from api.requests.body import ABSENT
from api.requests.body_errors import carry
from image_processor.engine.planning.pipeline_errors import (
    describe_value,
    escape_pointer,
    wrong_type,
)
from image_processor.library import selectors
from image_processor.models import SourceImage
from image_processor.transform import batches
from utils.errors import Problem


def _check_conditions(conditions: dict[str, Any]) -> dict[str, Any]:
    """Refuse unknown conditions and values that a query cannot have."""
    known = ImageFilterSet.base_filters
    problems = []
    for name, value in conditions.items():
        pointer = f"/filter/{escape_pointer(name)}"
        if name not in known:
            detail = f"Unknown filter {describe_value(name)}. Filters: {', '.join(known)}."
            problems.append(Problem(pointer, "unknown_field", detail))
        elif isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            problems.append(wrong_type(pointer, name, "a text or a whole number", value))
    if problems:
        raise carry(*problems)
    return conditions


Conditions = Annotated[
    dict[str, Any],
    AfterValidator(_check_conditions),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                name: get_override(condition, "field")
                for name, condition in ImageFilterSet.base_filters.items()
            },
            "additionalProperties": False,
        }
    ),
]


class BatchRequest(PipelineRequest):
    """The images of a batch, listed or chosen by a filter, and their pipeline."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"oneOf": [{"required": ["image_ids"]}, {"required": ["filter"]}]},
                {"oneOf": STEPS_OR_PRESET},
            ],
            "example": {"image_ids": [1, 2], **EXAMPLE},
        }
    )

    image_ids: Ids = ABSENT
    filter: Conditions = Field(
        ABSENT,
        description="All images that meet every condition; as in the query of `GET images/`.",
    )

    @model_validator(mode="after")
    def _require_ids_or_filter(self) -> Self:
        if len(self.model_fields_set & {"image_ids", "filter"}) != 1:
            detail = "Choose the images with either image_ids or filter, not both."
            raise carry(Problem("/image_ids", "conflict", detail))
        return self


def choose_images(owner_id: int, body: BatchRequest) -> list[int]:
    """The ids of the body, or of the owner's images that meet the conditions of its filter.

    Raises `TooManyImages`, `NoImages`, and `ValidationError` for an invalid condition.
    """
    if "image_ids" in body.model_fields_set:
        return body.image_ids
    conditions = {name: str(value) for name, value in body.filter.items()}
    ready = selectors.images_of(owner_id).filter(status=SourceImage.Status.READY)
    chosen = ImageFilterSet(conditions, queryset=ready, owner_id=owner_id)
    if not chosen.is_valid():
        raise ValidationError({"filter": chosen.errors})
    # Read at most one row above the limit, because counting a million rows is slow.
    limit = batches.MAX_IMAGES + 1
    ids = list(chosen.qs.order_by("created_at", "pk").values_list("pk", flat=True)[:limit])
    batches.require_few(len(ids), at_least=True)
    if not ids:
        raise batches.NoImages("None of your images meets the filter.", limit=1, actual=0)
    return ids
