"""The base of the models of request bodies.

A JSON body is one model: validation, error pointers and the OpenAPI document come from its fields.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from api.http.invalid_input import invalid_input
from api.requests.body_errors import find_problems
from image_processor.engine.planning.pipeline_errors import invalid_pipeline
from utils.errors import DomainError, Problem

# The default of a field that may be left out but may not be null: Pydantic does not check
# defaults, and `Body.given` has only the fields that were sent.
ABSENT: Any = None


class Body(BaseModel):
    """A JSON object of known fields. Values are not converted; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @classmethod
    def parse(cls, data: object) -> Self:
        """The validated body. Raises `InvalidInput` with every problem; see also `PipelineBody`."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise cls._refusal(find_problems(error, cls)) from error

    def given(self) -> dict[str, Any]:
        """The fields that were sent, by name."""
        return self.model_dump(exclude_unset=True)

    @classmethod
    def openapi(cls) -> dict[str, Any]:
        """JSON Schema of the body, with the models of single fields in `$defs`."""
        # A copy, because spectacular changes parts of the schema that it gets.
        schema = deepcopy(cls.model_json_schema(ref_template="#/components/schemas/{model}"))
        for model in (schema, *schema.get("$defs", {}).values()):
            del model["title"]
            for field in model["properties"].values():
                field.pop("title", None)
                if field.get("default", ...) is None:
                    del field["default"]  # `ABSENT`, or null that stands for absent
                if "component" in field:  # Pydantic itself refers to `$defs` only
                    field["$ref"] = f"#/components/schemas/{field.pop('component')}"
        return schema

    @classmethod
    def _refusal(cls, found: list[tuple[Problem, str]]) -> DomainError:
        return invalid_input([replace(problem, code=code) for problem, code in found])


class PipelineBody(Body):
    """A body with parts of a pipeline. Its problems raise `InvalidPipeline`."""

    # Fields outside of the pipeline. Their problems are `invalid_input`, and reported first.
    input_fields: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def _refusal(cls, found: list[tuple[Problem, str]]) -> DomainError:
        pointers = [f"/{field}" for field in cls.input_fields]
        of_input = [pair for pair in found if pair[0].pointer in pointers]
        if of_input:
            return super()._refusal(of_input)
        return invalid_pipeline([problem for problem, _ in found])
