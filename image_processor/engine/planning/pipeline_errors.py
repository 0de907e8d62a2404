"""The errors of a pipeline: each wrong value with its place, the limit and a plain sentence."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Collection, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from image_processor.engine.errors import InvalidPipeline, printable
from utils.errors import Problem

_MAX_PROBLEMS = 50

_TYPE_NAMES = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "string_type": "a string",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}

# Pydantic's error type -> our code, the words, and the key of the limit in the error's context.
_LIMITS = {
    "greater_than_equal": ("greater_than_equal", "must be at least {} but is {}", "ge"),
    "less_than_equal": ("less_than_equal", "must be at most {} but is {}", "le"),
    "string_too_long": ("too_long", "may have at most {} characters but has {}", "max_length"),
    "string_too_short": ("too_short", "must have at least {} characters but has {}", "min_length"),
    "too_long": ("too_long", "may have at most {} items but has {}", "max_length"),
    "too_short": ("too_short", "must have at least {} items but has {}", "min_length"),
}


def invalid_pipeline(problems: Sequence[Problem]) -> InvalidPipeline:
    """The error for `problems`; its detail is that of the first one."""
    detail = problems[0].detail
    if len(problems) > 1:
        detail += f" ({len(problems)} problems in total)"
    return InvalidPipeline(detail, errors=problems[:_MAX_PROBLEMS])


def model_problems(error: ValidationError, pointer: str, model: type[BaseModel]) -> list[Problem]:
    """The problems of a model that failed validation; `pointer` points at the model."""
    details = error.errors(include_url=False, include_context=True)[:_MAX_PROBLEMS]
    return [_problem(detail, pointer, model) for detail in details]


def _problem(error: ErrorDetails, pointer: str, model: type[BaseModel]) -> Problem:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    place = pointer + "".join(f"/{escape_pointer(part)}" for part in error["loc"])
    field = printable("/".join(map(str, error["loc"])), 40)
    label = field or getattr(model, "name", "The request")
    if kind == "extra_forbidden":
        candidates = model.model_fields if len(error["loc"]) == 1 else None
        return unknown_parameter(place, field, candidates)
    if kind == "missing":
        message = error["msg"] if not error["loc"] else "is required"
        return Problem(place, "missing", f"{label} {message}.")
    if kind in _LIMITS:
        code, words, key = _LIMITS[kind]
        actual = len(value) if isinstance(value, str | list) else json_value(value)
        detail = f"{label} {words.format(context[key], actual)}."
        return Problem(place, code, detail, context[key], actual)
    if kind in _TYPE_NAMES:
        return wrong_type(place, label, _TYPE_NAMES[kind], value)
    if kind == "finite_number":
        return wrong_type(place, label, "a finite number", value)
    if kind == "literal_error":
        detail = f"{label} must be {context['expected']} but is {describe_value(value)}."
        return Problem(place, "not_a_choice", detail, None, json_value(value))
    if kind == "string_unicode":
        return Problem(place, "type", f"{label} must be well-formed Unicode text.")
    code = "type" if kind.endswith(("_type", "_parsing", "_size")) else kind
    detail = f"{label} {error['msg']}"
    if error["loc"]:
        detail += f" but is {describe_value(value)}"
        return Problem(place, code, f"{detail}.", None, json_value(value))
    return Problem(place, code, f"{detail}.")


def unknown_parameter(
    pointer: str, name: str, candidates: Collection[str] | None = None
) -> Problem:
    """The problem for a parameter that does not exist; `candidates` are those that do."""
    detail = f'Unknown parameter "{name}".'
    if candidates is not None:
        detail += suggest(name, candidates)
    return Problem(pointer, "unknown_parameter", detail)


def suggest(name: str, candidates: Collection[str]) -> str:
    """A sentence with the most similar of `candidates`, else with all of them."""
    close = difflib.get_close_matches(name[:40], candidates, n=1)
    if close:
        return f' Did you mean "{close[0]}"?'
    return f" Valid names: {', '.join(candidates) or 'none'}."


def wrong_type(pointer: str, label: str, expected: str, value: object) -> Problem:
    detail = f"{label} must be {expected} but is {describe_value(value)}."
    return Problem(pointer, "type", detail, None, json_value(value))


def escape_pointer(part: object) -> str:
    """One step of a JSON pointer (RFC 6901), without control characters and cut if long."""
    return printable(str(part), 60).replace("~", "~0").replace("/", "~1")


def json_value(value: object) -> Any:
    """`value` for an error document: cut if long; None if it is no plain JSON value."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else "a number beyond 2^53"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return printable(value, 60) if isinstance(value, str) else None


def describe_value(value: object) -> str:
    """`value` in words for a message."""
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return json.dumps(json_value(value), ensure_ascii=False)
