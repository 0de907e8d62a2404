"""The problems of a body: from Pydantic's errors to the codes and texts of the API."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from image_processor.engine.planning.pipeline_errors import describe_value, model_problems
from utils.errors import Problem

_CARRIER = "problems"

# Pydantic's type of an error -> the code that Django REST framework gives to such an error.
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


def carry(*problems: Problem) -> PydanticCustomError:
    """The error by which a validator reports problems with complete pointers."""
    return PydanticCustomError(_CARRIER, "has problems", {"problems": problems})


def find_problems(error: ValidationError, model: type[BaseModel]) -> list[tuple[Problem, str]]:
    """Return (problem, code in `InvalidInput`) for every error of a failed validation.

    The problem itself contains the engine's code.
    """
    found = []
    details = error.errors(include_url=False)
    for detail, problem in zip(details, model_problems(error, "", model), strict=False):
        if detail["type"] == _CARRIER:
            found += [(carried, carried.code) for carried in detail["ctx"]["problems"]]
        else:
            other = "null" if detail["input"] is None else "invalid"
            code = _INPUT_CODES.get(detail["type"], other)
            found.append((_reword(problem, detail, model), code))
    return found


def _reword(problem: Problem, detail: ErrorDetails, model: type[BaseModel]) -> Problem:
    """Reword texts of the engine, which are about parameters, as texts about fields."""
    path = "/".join(map(str, detail["loc"]))
    if detail["type"] == "string_too_short" and problem.limit == 1:
        return replace(problem, detail=f"{path} must not be empty.")
    if detail["type"] == "extra_forbidden":
        text = f"Unknown field {describe_value(path)}."
        if len(detail["loc"]) == 1 and model.model_fields:
            text += f" Fields: {', '.join(model.model_fields)}."
        return replace(problem, code="unknown_field", detail=text)
    if detail["type"] == "literal_error" and path in model.model_fields:
        annotation = model.model_fields[path].annotation
        if get_origin(annotation) is Literal:
            return replace(problem, limit=list(get_args(annotation)))
    return problem
