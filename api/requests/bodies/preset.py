"""Bodies of requests to `presets/`."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, ValidatorFunctionWrapHandler, field_validator

from api.requests.bodies.pipeline import EXAMPLE, OPTIONS, Steps, StepsAndOptions
from api.requests.body import ABSENT
from api.requests.fields import Description
from image_processor.transform.presets import MAX_NAME

# `presets.create` says which names are allowed, with a code of its own.
Name = Annotated[str, Field(json_schema_extra={"minLength": 1, "maxLength": MAX_NAME})]


class PresetChangeRequest(StepsAndOptions):
    """The body of `PATCH presets/<id>/`. Absent fields stay; null takes an option away."""

    model_config = ConfigDict(json_schema_extra={"example": {"quality": 70}})
    input_fields: ClassVar = frozenset({"name", "description"})

    name: Name = ABSENT
    description: Description = ABSENT

    @field_validator(*OPTIONS, mode="wrap")
    @classmethod
    def _check_option(cls, value: Any, check: ValidatorFunctionWrapHandler) -> Any:
        return value if value is None else super()._check_option(value, check)


class PresetRequest(PresetChangeRequest):
    """The body of `POST presets/` and `PUT presets/<id>/`."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "shop", **EXAMPLE}})

    name: Name
    transformations: Steps
