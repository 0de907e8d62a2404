"""Bodies that ask for a pipeline: by its steps, or by the name of a preset."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from image_processor.engine.planning.pipeline_errors import describe_value as described
from image_processor.engine.planning.pipeline_errors import escape_pointer as escaped
from image_processor.engine.planning.pipeline_errors import invalid_pipeline as refused
from image_processor.engine.planning.pipeline_errors import json_value as shown
from image_processor.engine.planning.pipeline_errors import wrong_type
from image_processor.transform import presets
from utils.errors import DomainError, Problem

OPTIONS = ("format", "quality", "lossless", "metadata", "background")
_PIPELINE = ("transformations", "preset", *OPTIONS)


def body_members(data: Any, *more: str, pipeline: Collection[str] = _PIPELINE) -> dict[str, Any]:
    """The body's members, if it has none but a pipeline's and `more`; their values are unchecked.

    Raises `InvalidPipeline`.
    """
    if not isinstance(data, Mapping):
        raise refused([wrong_type("", "The body", "an object", data)])
    unknown = [
        Problem(f"/{escaped(name)}", "unknown_field", f"There is no field {described(name)}.")
        for name in data
        if name not in (*pipeline, *more)
    ]
    if unknown:
        raise refused(unknown)
    return dict(data)


def require_choice(members: dict[str, Any], name: str, choices: Collection[str]) -> None:
    """Raise `InvalidPipeline` unless the member, if it is there, is one of the choices."""
    value = members.get(name, next(iter(choices)))
    if value not in choices:
        detail = f"{name} must be one of {', '.join(choices)}, and is {described(value)}."
        raise refused([Problem(f"/{name}", "not_a_choice", detail, list(choices), shown(value))])


def switch(members: dict[str, Any], name: str) -> bool:
    """The member, true or false; false if it is absent. Raises `InvalidPipeline`."""
    value = members.get(name, False)
    if not isinstance(value, bool):
        raise refused([wrong_type(f"/{name}", name, "true or false", value)])
    return value


@contextmanager
def pipeline_of(owner_id: int, members: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What `submit.asked` takes, from `transformations` or from a `preset` of the owner's.

    Options that stand beside a preset win over its own. What is then refused of its steps points
    at `/preset`, the member that the body has. Raises `InvalidPipeline`, `UnknownPreset`.
    """
    options = {name: members[name] for name in OPTIONS if name in members}
    if "preset" not in members:
        yield {"transformations": members.get("transformations"), **options}
        return
    preset = members["preset"]
    if "transformations" in members:
        detail = "transformations and preset exclude each other: the preset has steps of its own."
        raise refused([Problem("/preset", "conflict", detail)])
    if isinstance(preset, bool) or not isinstance(preset, int | str):
        raise refused([wrong_type("/preset", "preset", "an id or a name", preset)])
    found = presets.find(owner_id, preset)
    own = {name: value for name, value in found.options.items() if name not in options}
    try:
        yield {"transformations": found.transformations, **own, **options}
    except DomainError as error:
        moved = [_in_preset(problem, own) for problem in error.errors]
        error.errors, error.pointer = tuple(moved), moved[0].pointer if moved else error.pointer
        raise


def _in_preset(problem: Problem, own: Collection[str]) -> Problem:
    member = problem.pointer.split("/")[1] if problem.pointer else ""
    return replace(problem, pointer="/preset") if member in ("transformations", *own) else problem
