"""Forms that ask for a pipeline: what `pipeline_body` takes, from texts.

A form holds texts only, so `transformations` and `params` are JSON, and `quality`, `lossless` and
`preset` are what their text is as JSON, if it is any: `85` is a number, `auto` a text, `12` the id
of a preset and `"12"` one that is called so. `style` is one artistic step by its name in capitals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from rest_framework.exceptions import ParseError

from api.requests.parsers import strict_json
from image_processor import engine
from image_processor.engine.planning.pipeline_errors import describe_value as described
from image_processor.engine.planning.pipeline_errors import invalid_pipeline as refused
from image_processor.engine.planning.pipeline_errors import json_value as shown
from image_processor.engine.planning.pipeline_errors import wrong_type
from utils.errors import DomainError, Problem

STYLES = {
    item["name"].upper(): item["name"] for item in engine.catalogue() if item["group"] == "artistic"
}

_JSON = ("transformations", "params")
_JSON_OR_TEXT = ("quality", "lossless", "preset")


@contextmanager
def form_members(texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The members that a JSON body would have; `style` and `params` are one of its steps.

    What is refused of that step points at `/style` and `/params`, which the form has. Raises
    `InvalidPipeline`.
    """
    members = {name: _value(name, text) for name, text in texts.items()}
    styled = "style" in members
    if not styled and "params" in members:
        detail = "params are those of a style, and there is none."
        raise refused([Problem("/params", "conflict", detail)])
    if styled:
        members = _with_step(members)
    try:
        yield members
    except DomainError as error:
        if styled:
            moved = [_in_form(problem) for problem in error.errors]
            error.errors, error.pointer = tuple(moved), moved[0].pointer if moved else error.pointer
        raise


def _value(name: str, text: str) -> Any:
    if name not in (*_JSON, *_JSON_OR_TEXT):
        return text
    try:
        return strict_json(text, name)
    except ParseError as error:
        if name in _JSON_OR_TEXT:
            return text
        raise refused([Problem(f"/{name}", "invalid_json", str(error.detail))]) from error


def _with_step(members: dict[str, Any]) -> dict[str, Any]:
    for other in ("transformations", "preset"):
        if other in members:
            detail = f"style and {other} exclude each other: a style is a step of its own."
            raise refused([Problem("/style", "conflict", detail)])
    rest = dict(members)
    style, params = rest.pop("style"), rest.pop("params", {})
    name = STYLES.get(style.upper())
    if name is None:
        detail = f"style must be one of {', '.join(STYLES)}, and is {described(style)}."
        raise refused([Problem("/style", "not_a_choice", detail, list(STYLES), shown(style))])
    if not isinstance(params, dict):
        raise refused([wrong_type("/params", "params", "an object", params)])
    return {"transformations": [{"operation": name, "params": params}], **rest}


def _in_form(problem: Problem) -> Problem:
    step = "/transformations/0"
    if problem.pointer.startswith(f"{step}/params/"):
        return replace(problem, pointer=problem.pointer.removeprefix(step))
    at_steps = problem.pointer.split("/")[1:2] == ["transformations"]
    return replace(problem, pointer="/style") if at_steps else problem
