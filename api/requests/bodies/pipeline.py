"""Bodies that ask for a pipeline: by its steps, or by one of the owner's presets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.requests.body import ABSENT, PipelineBody
from api.requests.body_errors import carry
from image_processor.engine import InvalidPipeline
from image_processor.engine.planning.output_request import OutputRequest
from image_processor.engine.planning.parsing import parse_steps
from image_processor.transform import presets
from utils.errors import DomainError, Problem

OPTIONS = tuple(OutputRequest.model_fields)
STEPS_OR_PRESET: list[Any] = [{"required": ["transformations"]}, {"required": ["preset"]}]
EXAMPLE: dict[str, Any] = {
    "transformations": [
        {"operation": "resize", "params": {"width": 800, "height": 600}},
        {"operation": "apply_filter", "params": {"grayscale": True}},
    ],
    "format": "jpeg",
}


def _check_steps(value: Any) -> Any:
    try:
        parse_steps(value)
    except InvalidPipeline as error:
        raise carry(*error.errors) from error
    return value


def _check_reference(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise PydanticCustomError("type", "must be the id or the name of a preset")
    return value


# The steps as they were sent, checked by the engine.
Steps = Annotated[
    list[Any],
    PlainValidator(_check_steps),
    WithJsonSchema({"component": "Pipeline"}),
    Field(description="The steps of the pipeline, in order."),
]
PresetReference = Annotated[
    int | str,
    BeforeValidator(_check_reference),
    Field(
        description="In place of transformations: one of your presets, by its id (a number) or "
        "its name (a text). Options of the body win over those of the preset."
    ),
]


class _StepsBody(PipelineBody):
    transformations: Steps = ABSENT


class StepsAndOptions(OutputRequest, _StepsBody):
    """The steps of a pipeline, and the engine's options for the file that it writes."""

    @field_validator(*OPTIONS, mode="wrap")
    @classmethod
    def _check_option(cls, value: Any, check: ValidatorFunctionWrapHandler) -> Any:
        """Check the option and keep it as it was sent, because presets show it so."""
        check(value)
        return value


class PipelineRequest(StepsAndOptions):
    """A pipeline, given by its steps or by a preset."""

    model_config = ConfigDict(json_schema_extra={"oneOf": STEPS_OR_PRESET, "example": EXAMPLE})

    preset: PresetReference = ABSENT

    @model_validator(mode="before")
    @classmethod
    def _refuse_steps_beside_preset(cls, data: Any) -> Any:
        if isinstance(data, dict) and {"transformations", "preset"} <= data.keys():
            detail = "transformations and preset exclude each other: a preset has its own steps."
            raise carry(Problem("/preset", "conflict", detail))
        return data

    @model_validator(mode="after")
    def _require_steps_or_preset(self) -> Self:
        if not self.model_fields_set & {"transformations", "preset"}:
            detail = "Give transformations (a list of steps) or preset (an id or a name)."
            raise carry(Problem("/transformations", "type", detail))
        return self

    def locate(self, problem: Problem) -> Problem:
        """Move a problem of the pipeline to the field of this body that caused it."""
        return problem


@contextmanager
def resolve_pipeline(owner_id: int, body: PipelineRequest) -> Iterator[dict[str, Any]]:
    """The keyword arguments of `pipelines.parse`: steps and options of the body or of its preset.

    Options of the body win over those of the preset. Errors that are raised inside the block point
    at fields of the body; errors in a preset's steps point at `/preset`. Raises `UnknownPreset`.
    """
    given = {
        name: getattr(body, name)
        for name in StepsAndOptions.model_fields
        if name in body.model_fields_set
    }
    if "preset" not in body.model_fields_set:
        with move_problems(body.locate):
            yield given
        return
    preset = presets.find(owner_id, body.preset)
    own = {"transformations": preset.transformations, **preset.options}
    own = {name: value for name, value in own.items() if name not in given}
    with move_problems(lambda problem: _in_preset(problem, own)):
        yield own | given


def _in_preset(problem: Problem, own: dict[str, Any]) -> Problem:
    field = problem.pointer.split("/")[1] if problem.pointer else ""
    return replace(problem, pointer="/preset") if field in own else problem


@contextmanager
def move_problems(place: Callable[[Problem], Problem]) -> Iterator[None]:
    """Replace each problem of an error that is raised inside the block by `place(problem)`."""
    try:
        yield
    except DomainError as error:
        error.errors = tuple(map(place, error.errors))
        if error.errors:
            error.pointer = error.errors[0].pointer
        raise
