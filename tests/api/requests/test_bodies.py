"""A body is a model: its fields give validation, OpenAPI document and error pointers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import Field

from api.http.invalid_input import InvalidInput
from api.requests.bodies.batch import BatchRequest
from api.requests.bodies.preset import PresetChangeRequest, PresetRequest
from api.requests.bodies.transform import PreviewRequest, TransformRequest
from api.requests.bodies.upload import TransformUploadRequest
from api.requests.body import ABSENT, Body


class SizeRequest(Body):
    """A body of a test."""

    size: int = Field(ge=1, le=9, description="In a unit.")
    name: str = Field(ABSENT, max_length=3)


def test_the_fields_of_a_body_give_its_validation_and_openapi_schema() -> None:
    assert SizeRequest.parse({"size": 3}).given() == {"size": 3}
    assert SizeRequest.openapi() == {
        "type": "object",
        "description": "A body of a test.",
        "properties": {
            "size": {"type": "integer", "minimum": 1, "maximum": 9, "description": "In a unit."},
            "name": {"type": "string", "maxLength": 3},
        },
        "required": ["size"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("body", "pointer", "code", "limit"),
    [
        ({}, "/size", "required", None),
        ({"size": 10}, "/size", "max_value", 9),
        ({"size": "3"}, "/size", "invalid", None),
        ({"size": True}, "/size", "invalid", None),
        ({"size": 3.0}, "/size", "invalid", None),
        ({"size": None}, "/size", "null", None),
        ({"size": 3, "name": None}, "/name", "null", None),
        ({"size": 3, "name": "four"}, "/name", "max_length", 3),
        ({"size": 3, "a/b": 1}, "/a~1b", "unknown_field", None),
        ([], "", "invalid", None),
    ],
)
def test_an_error_names_the_field_and_the_limit(
    body: Any, pointer: str, code: str, limit: int | None
) -> None:
    with pytest.raises(InvalidInput) as caught:
        SizeRequest.parse(body)
    [problem] = caught.value.errors
    assert (problem.pointer, problem.code, problem.limit) == (pointer, code, limit)


def test_all_errors_are_reported_together() -> None:
    with pytest.raises(InvalidInput) as caught:
        SizeRequest.parse({"size": 0, "name": 1, "colour": 2})
    assert [problem.pointer for problem in caught.value.errors] == ["/size", "/name", "/colour"]


def bodies(base: type[Body] = Body) -> Iterator[type[Body]]:
    for model in base.__subclasses__():
        yield model
        yield from bodies(model)


EXAMPLES = {model: model.openapi()["example"] for model in bodies() if "example" in model.openapi()}


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_the_example_of_a_body_is_valid(model: type[Body], document: dict[str, Any]) -> None:
    model.parse(EXAMPLES[model])
    Draft202012Validator({**model.openapi(), "components": document["components"]}).validate(
        EXAMPLES[model]
    )


def test_bodies_with_an_example_are_found() -> None:
    pipelines = {TransformRequest, PreviewRequest, BatchRequest}
    assert pipelines | {PresetRequest, PresetChangeRequest} <= EXAMPLES.keys()


def test_a_form_has_each_field_of_the_body() -> None:
    fields = TransformUploadRequest.openapi()["properties"]
    assert fields.keys() >= TransformRequest.openapi()["properties"].keys()
    assert {field["type"] for field in fields.values()} == {"string"}
