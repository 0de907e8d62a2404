"""From anything that JSON can hold to operations, or to the full list of what is wrong."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from image_processor.engine.errors import InvalidPipeline, printable
from image_processor.engine.operations import BY_NAME
from image_processor.engine.operations.base import Operation
from utils.errors import Problem

MIN_STEPS, MAX_STEPS = 1, 32
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

# Pydantic's name of a missed bound: our code, the words, and where the bound stands.
_BOUNDS = {
    "greater_than_equal": ("greater_than_equal", "must be at least {}, and is {}", "ge"),
    "less_than_equal": ("less_than_equal", "must be at most {}, and is {}", "le"),
    "string_too_long": ("too_long", "may have {} characters at most, and has {}", "max_length"),
    "string_too_short": ("too_short", "must have {} or more characters, and has {}", "min_length"),
    "too_long": ("too_long", "may have {} items at most, and has {}", "max_length"),
    "too_short": ("too_short", "must have {} or more items, and has {}", "min_length"),
}


def parse_steps(transformations: object) -> list[Operation]:
    """One operation for each step. Raises InvalidPipeline with every problem found."""
    pointer = "/transformations"
    if not isinstance(transformations, list):
        raise refused([wrong_type(pointer, "transformations", "a list", transformations)])
    count = len(transformations)
    if not MIN_STEPS <= count <= MAX_STEPS:
        code, limit = ("too_short", MIN_STEPS) if count < MIN_STEPS else ("too_long", MAX_STEPS)
        detail = f"transformations must hold {MIN_STEPS} to {MAX_STEPS} steps, and holds {count}."
        raise refused([Problem(pointer, code, detail, limit, count)])
    steps: list[Operation] = []
    problems: list[Problem] = []
    for index, step in enumerate(transformations):
        parsed = _parse_step(step, f"{pointer}/{index}")
        if isinstance(parsed, Operation):
            steps.append(parsed)
        else:
            problems.extend(parsed)
    if problems:
        raise refused(problems)
    return steps


def refused(problems: list[Problem]) -> InvalidPipeline:
    """The error for `problems`; its detail is the first of them."""
    detail = problems[0].detail
    if len(problems) > 1:
        detail += f" ({len(problems)} problems in all)"
    return InvalidPipeline(detail, errors=problems[:_MAX_PROBLEMS])


def _parse_step(step: object, pointer: str) -> Operation | list[Problem]:
    if not isinstance(step, dict):
        return [wrong_type(pointer, "a step", "an object with operation and params", step)]
    problems = [
        Problem(
            f"{pointer}/{escaped(key)}",
            "unknown_parameter",
            f'A step has the members operation and params, not "{printable(str(key), 40)}".',
        )
        for key in step
        if key not in ("operation", "params")
    ]
    if "operation" not in step:
        detail = "A step must name its operation."
        return [*problems, Problem(f"{pointer}/operation", "missing", detail)]
    name, params = step["operation"], step.get("params", {})
    if not isinstance(name, str):
        return [*problems, wrong_type(f"{pointer}/operation", "operation", "a string", name)]
    operation = BY_NAME.get(name)
    if operation is None:
        return [*problems, _unknown_operation(f"{pointer}/operation", name)]
    if not isinstance(params, dict):
        return [*problems, wrong_type(f"{pointer}/params", "params", "an object", params)]
    for key in [key for key in params if not _is_unicode(key)]:
        # Pydantic refuses such a key without saying which one it is.
        detail = f'There is no parameter "{printable(str(key), 40)}".'
        problems.append(Problem(f"{pointer}/params/{escaped(key)}", "unknown_parameter", detail))
        params = {name: value for name, value in params.items() if name != key}
    try:
        parsed = operation.model_validate(params)
    except ValidationError as error:
        return [*problems, *from_pydantic(error, f"{pointer}/params", operation)]
    return problems or parsed


def _is_unicode(key: object) -> bool:
    """Whether a JSON key is text that can be encoded: no half of a surrogate pair."""
    return isinstance(key, str) and not any("\ud800" <= char <= "\udfff" for char in key)


def _unknown_operation(pointer: str, name: str) -> Problem:
    detail = f'There is no operation "{printable(name, 40)}".'
    close = difflib.get_close_matches(name[:40], BY_NAME, n=1)
    detail += f' Did you mean "{close[0]}"?' if close else f" There are: {', '.join(BY_NAME)}."
    return Problem(pointer, "unknown_operation", detail, None, shown(name))


def from_pydantic(
    error: ValidationError, pointer: str, model: type[BaseModel]
) -> Iterable[Problem]:
    """The problems of a failed model, each pointing at its value below `pointer`."""
    details = error.errors(include_url=False, include_context=True)[:_MAX_PROBLEMS]
    return [_problem(detail, pointer, model) for detail in details]


def _problem(error: ErrorDetails, pointer: str, model: type[BaseModel]) -> Problem:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    place = pointer + "".join(f"/{escaped(part)}" for part in error["loc"])
    field = printable("/".join(map(str, error["loc"])), 40)
    label = field or getattr(model, "name", "The request")
    if kind == "extra_forbidden":
        detail = f'There is no parameter "{field}".'
        if len(error["loc"]) > 1:
            return Problem(place, "unknown_parameter", detail)
        close = difflib.get_close_matches(field, model.model_fields, n=1)
        names = ", ".join(model.model_fields) or "none"
        detail += f' Did you mean "{close[0]}"?' if close else f" There are: {names}."
        return Problem(place, "unknown_parameter", detail)
    if kind == "missing":
        said = error["msg"] if not error["loc"] else "is required"
        return Problem(place, "missing", f"{label} {said}.")
    if kind in _BOUNDS:
        code, words, key = _BOUNDS[kind]
        actual = len(value) if isinstance(value, str | list) else shown(value)
        detail = f"{label} {words.format(context[key], actual)}."
        return Problem(place, code, detail, context[key], actual)
    if kind in _TYPE_NAMES:
        return wrong_type(place, label, _TYPE_NAMES[kind], value)
    if kind == "finite_number":
        return wrong_type(place, label, "a finite number", value)
    if kind == "literal_error":
        detail = f"{label} must be {context['expected']}, and is {described(value)}."
        return Problem(place, "not_a_choice", detail, None, shown(value))
    if kind == "string_unicode":
        return Problem(place, "type", f"{label} must be well-formed Unicode text.")
    code = "type" if kind.endswith(("_type", "_parsing", "_size")) else kind
    said = f"{label} {error['msg']}"
    if error["loc"]:
        said += f", and is {described(value)}"
        return Problem(place, code, f"{said}.", None, shown(value))
    return Problem(place, code, f"{said}.")


def wrong_type(pointer: str, label: str, wanted: str, value: object) -> Problem:
    detail = f"{label} must be {wanted}, and is {described(value)}."
    return Problem(pointer, "type", detail, None, shown(value))


def escaped(part: object) -> str:
    """One step of a JSON pointer (RFC 6901), fit to be stored and shown."""
    return printable(str(part), 60).replace("~", "~0").replace("/", "~1")


def shown(value: object) -> Any:
    """`value` if it may stand in an error document, cut where it is long; None if not."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else "a number beyond 2^53"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return printable(value, 60) if isinstance(value, str) else None


def described(value: object) -> str:
    """`value` in words for a message."""
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return json.dumps(shown(value), ensure_ascii=False)
