"""Parsing the steps of a request into operations, or into a list of all problems."""

from __future__ import annotations

from pydantic import ValidationError

from image_processor.engine.errors import printable
from image_processor.engine.operations import BY_NAME
from image_processor.engine.operations.base import Operation
from image_processor.engine.planning.pipeline_errors import (
    escape_pointer,
    invalid_pipeline,
    json_value,
    model_problems,
    suggest,
    unknown_parameter,
    wrong_type,
)
from utils.errors import Problem

MIN_STEPS, MAX_STEPS = 1, 32


def parse_steps(transformations: object) -> list[Operation]:
    """One operation for each step. Raises InvalidPipeline with every problem found."""
    pointer = "/transformations"
    if not isinstance(transformations, list):
        raise invalid_pipeline([wrong_type(pointer, "transformations", "a list", transformations)])
    count = len(transformations)
    if not MIN_STEPS <= count <= MAX_STEPS:
        code, limit = ("too_short", MIN_STEPS) if count < MIN_STEPS else ("too_long", MAX_STEPS)
        detail = f"transformations must have {MIN_STEPS} to {MAX_STEPS} steps but has {count}."
        raise invalid_pipeline([Problem(pointer, code, detail, limit, count)])
    steps: list[Operation] = []
    problems: list[Problem] = []
    for index, step in enumerate(transformations):
        parsed = _parse_step(step, f"{pointer}/{index}")
        if isinstance(parsed, Operation):
            steps.append(parsed)
        else:
            problems.extend(parsed)
    if problems:
        raise invalid_pipeline(problems)
    return steps


def _parse_step(step: object, pointer: str) -> Operation | list[Problem]:
    if not isinstance(step, dict):
        return [wrong_type(pointer, "a step", "an object with operation and params", step)]
    problems = [
        Problem(
            f"{pointer}/{escape_pointer(key)}",
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
        # Pydantic would refuse such a key without naming it.
        place = f"{pointer}/params/{escape_pointer(key)}"
        problems.append(unknown_parameter(place, printable(str(key), 40)))
        params = {name: value for name, value in params.items() if name != key}
    try:
        parsed = operation.model_validate(params)
    except ValidationError as error:
        return [*problems, *model_problems(error, f"{pointer}/params", operation)]
    return problems or parsed


def _is_unicode(key: object) -> bool:
    """Whether a JSON key can be encoded: it contains no half of a surrogate pair."""
    return isinstance(key, str) and not any("\ud800" <= char <= "\udfff" for char in key)


def _unknown_operation(pointer: str, name: str) -> Problem:
    detail = f'Unknown operation "{printable(name, 40)}".' + suggest(name, BY_NAME)
    return Problem(pointer, "unknown_operation", detail, None, json_value(name))
