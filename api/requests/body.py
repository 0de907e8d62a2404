"""The base of the models of request bodies.

A JSON body is one model: validation, error pointers and the OpenAPI document come from its fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, ClassVar, Literal, NamedTuple, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from api.http.problem import MAX_PROBLEMS
from image_processor.engine.planning.pipeline_errors import (
    describe_value,
    invalid_pipeline,
    model_problems,
)
from utils.errors import DomainError, Problem

# The default of a field that may be left out but may not be null: Pydantic does not check
# defaults, and `Body.given` has only the fields that were sent.
ABSENT: Any = None

_CARRIER = "problems"

# Pydantic's kind of error: the code that Django REST framework has for the same error.
_INPUT_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "max_length",
    "string_too_short": "blank",
    "list_type": "not_a_list",
    "too_long": "max_length",
    "too_short": "empty",
    "greater_than_equal": "min_value",
    "less_than_equal": "max_value",
    "literal_error": "invalid_choice",
}


class InvalidInput(DomainError):
    code = "invalid_input"
    status = 400
    title = "Invalid input"


class Body(BaseModel):
    """A JSON object of known fields. Values are not converted; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @classmethod
    def parse(cls, data: object) -> Self:
        """The validated body. Raises `InvalidInput` with every problem of the body."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise cls._refusal(_findings(error, cls)) from error

    def given(self) -> dict[str, Any]:
        """The fields that were sent, by name."""
        return self.model_dump(exclude_unset=True)

    @classmethod
    def openapi(cls) -> dict[str, Any]:
        """JSON Schema of the body; models of single fields stand in `$defs`."""
        # A copy: spectacular puts references in the place of what it has read.
        schema = deepcopy(cls.model_json_schema(ref_template="#/components/schemas/{model}"))
        for model in (schema, *schema.get("$defs", {}).values()):
            del model["title"]
            for field in model["properties"].values():
                field.pop("title", None)
                if field.get("default", ...) is None:
                    del field["default"]  # `ABSENT`, or null where null means absent
                if "component" in field:  # Pydantic looks for every `$ref` in its own `$defs`
                    field["$ref"] = f"#/components/schemas/{field.pop('component')}"
        return schema

    @classmethod
    def _refusal(cls, findings: Sequence[Finding]) -> DomainError:
        return invalid_input([found.problem_of_input for found in findings])


class PipelineBody(Body):
    """A body with parts of a pipeline. Its problems have the engine's codes."""

    # Fields that are no part of a pipeline: their problems are `invalid_input`, and told first.
    input_fields: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def _refusal(cls, findings: Sequence[Finding]) -> DomainError:
        of_input = [found for found in findings if found.field in cls.input_fields]
        if of_input:
            return super()._refusal(of_input)
        return invalid_pipeline([found.problem for found in findings])


class Finding(NamedTuple):
    """One problem of a body, and Pydantic's kind of error and the value that it is about."""

    problem: Problem
    kind: str
    value: object

    @property
    def field(self) -> str:
        return self.problem.pointer.split("/")[1] if self.problem.pointer else ""

    @property
    def problem_of_input(self) -> Problem:
        """The problem with the code that Django REST framework has for it."""
        if self.kind == _CARRIER:
            return self.problem
        other = "null" if self.value is None else "invalid"
        return replace(self.problem, code=_INPUT_CODES.get(self.kind, other))


def invalid_input(problems: Sequence[Problem]) -> InvalidInput:
    """The error for these problems. Like Django REST framework, it also lists texts by field."""
    detail = problems[0].detail
    if len(problems) > 1:
        detail += f" ({len(problems)} problems in total)"
    texts: dict[str, list[str]] = {}
    for problem in problems[:MAX_PROBLEMS]:
        field = problem.pointer.split("/")[1] if problem.pointer else "non_field_errors"
        texts.setdefault(field, []).append(problem.detail)
    return InvalidInput(detail, errors=problems[:MAX_PROBLEMS], members=texts)


def carry(*problems: Problem) -> PydanticCustomError:
    """What a validator raises for problems whose pointers start at the body."""
    return PydanticCustomError(_CARRIER, "has problems", {"problems": problems})


def _findings(error: ValidationError, model: type[BaseModel]) -> list[Finding]:
    findings = []
    details = error.errors(include_url=False)
    for detail, problem in zip(details, model_problems(error, "", model), strict=False):
        if detail["type"] == _CARRIER:
            carried = detail["ctx"]["problems"]
            findings += [Finding(each, _CARRIER, detail["input"]) for each in carried]
        else:
            worded = _reworded(problem, detail, model)
            findings.append(Finding(worded, detail["type"], detail["input"]))
    return findings


def _reworded(problem: Problem, detail: ErrorDetails, model: type[BaseModel]) -> Problem:
    """The engine's words are about parameters of an operation; a body has fields."""
    path = "/".join(map(str, detail["loc"]))
    if detail["type"] == "string_too_short" and problem.limit == 1:
        return replace(problem, detail=f"{path} must not be empty.")
    if detail["type"] == "extra_forbidden":
        text = f"There is no field {describe_value(path)}."
        if len(detail["loc"]) == 1:
            text += f" There are: {', '.join(model.model_fields)}."
        return replace(problem, code="unknown_field", detail=text)
    if detail["type"] == "literal_error" and path in model.model_fields:
        annotation = model.model_fields[path].annotation
        if get_origin(annotation) is Literal:
            return replace(problem, limit=list(get_args(annotation)))
    return problem
