"""The catalogue and the schema agree with the validation."""

import json
from typing import Any

import jsonschema
import pytest
from jsonschema.protocols import Validator

from image_processor.engine import (
    JSON_SCHEMA_REF,
    InvalidPipeline,
    Pipeline,
    catalogue,
    pipeline_schema,
)
from image_processor.engine.operations import OPERATIONS
from image_processor.engine.operations.base import Group
from tests.engine.operations.test_parameters import REFUSED, VALID

SCHEMA = pipeline_schema(JSON_SCHEMA_REF)

# What the validation refuses although the schema takes it.
BEYOND_SCHEMA: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "5.0 is an integer, and Python's NaN is not JSON": [
        ("resize", {"width": 5.0}),
        ("cartoon", {"levels": 4.0}),
        ("rotate", {"degrees": float("nan")}),
    ],
    "which parameters go together": [
        ("resize", {"width": 5, "scale": 50}),
        ("resize", {"height": 5, "scale": 50}),
        ("resize", {"width": 5, "focal_x": 0.5, "focal_y": 0.5}),
        ("resize", {"width": 5, "anchor": "focal", "focal_x": 0.5}),
        ("resize", {"scale": 50, "fit": "cover"}),
        ("resize", {"scale": 50, "anchor": "smart"}),
        ("crop", {"x": 0, "width": 5, "height": 5}),
        ("crop", {"x": 0, "y": 0, "width": 5, "height": 5, "anchor": "north"}),
        ("crop", {"x": 0, "y": 0, "width": 5, "height": 5, "anchor": "smart"}),
        ("crop", {"aspect": "1:1", "anchor": "smart", "focal_x": 0.1}),
        ("crop", {"aspect": "16:9", "width": 5}),
        ("pad", {"width": 5, "top": 5}),
        ("watermark", {"image_id": 1, "color": "red"}),
        ("watermark", {"image_id": 1, "font": "dejavu-sans"}),
        ("compress", {"quality": 50, "lossless": True}),
        ("compress", {"quality": 50, "min_quality": 20}),
        ("compress", {"quality": 50, "min_quality": 60, "max_bytes": 999}),
    ],
    "which words are colours": [
        ("rotate", {"degrees": 5, "background": "grassy"}),
        ("pad", {"width": 5, "background": "reddish"}),
        ("duotone", {"shadows": "transparent"}),
    ],
    "Python's $ matches before a line break at the end": [
        ("crop", {"aspect": "1:2\n"}),
    ],
    "which characters the font has": [
        ("watermark", {"text": text})
        for text in (
            "   ",
            "\u2800\u200d",
            "\ud800",
            "a\0b",
            "a\nb",
            "你好",
            "नमस्ते",
            "สวัสดี",
            "hi 🌅",
            "a\u2028b",
            "a\u202eb",
        )
    ],
}


def written(name: str, params: dict[str, Any]) -> str:
    """Both as text, in which NaN equals itself."""
    return repr((name, params))


BEYOND = [(name, params) for rows in BEYOND_SCHEMA.values() for name, params in rows]
BEYOND_TEXTS = {written(name, params) for name, params in BEYOND}


@pytest.fixture(scope="module")
def validator() -> Validator:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry["name"])
def test_every_entry_is_complete(entry: dict[str, Any]) -> None:
    assert set(entry) == {"name", "group", "description", "parameters", "example"}
    assert entry["description"].endswith(".")
    jsonschema.Draft202012Validator.check_schema(entry["parameters"])
    for name, field in entry["parameters"]["properties"].items():
        assert field["description"], name
        kinds = [field, *field.get("anyOf", [])]
        if any(kind.get("type") in ("integer", "number") for kind in kinds):
            bounds = [kind for kind in kinds if "minimum" in kind and "maximum" in kind]
            assert bounds, f"{name} has no range"
    assert Pipeline.parse([entry["example"]]).steps == [entry["example"]]


def test_the_catalogue_lists_every_operation_once() -> None:
    names = [entry["name"] for entry in catalogue()]
    assert names == [operation.name for operation in OPERATIONS]
    assert len(set(names)) == len(names)
    json.dumps(catalogue(), allow_nan=False)


def test_a_parameter_that_names_an_image_says_so() -> None:
    for entry in catalogue():
        for name, field in entry["parameters"]["properties"].items():
            kinds = [field, *field.get("anyOf", [])]
            marks = {kind["x-refers-to"] for kind in kinds if "x-refers-to" in kind}
            assert marks == ({"image"} if name.endswith("image_id") else set()), name


def test_each_operation_lies_in_the_folder_of_its_group() -> None:
    folders = {operation: operation.__module__.split(".")[-2] for operation in OPERATIONS}
    assert folders == {operation: operation.group.value for operation in OPERATIONS}
    assert set(folders.values()) == set(Group)


@pytest.mark.parametrize(
    ("name", "params"), [(name, params) for name, rows in VALID.items() for params in rows]
)
def test_the_schema_takes_what_is_valid(
    validator: Validator, name: str, params: dict[str, Any]
) -> None:
    step = {"operation": name, "params": params}
    assert list(validator.iter_errors([step])) == []


@pytest.mark.parametrize(
    ("name", "params"),
    [(name, params) for name, params, *_ in REFUSED if written(name, params) not in BEYOND_TEXTS],
)
def test_the_schema_refuses_what_it_can(
    validator: Validator, name: str, params: dict[str, Any]
) -> None:
    assert not validator.is_valid([{"operation": name, "params": params}])


@pytest.mark.parametrize(("name", "params"), BEYOND)
def test_only_the_validation_refuses_what_the_schema_cannot_say(
    validator: Validator, name: str, params: dict[str, Any]
) -> None:
    step = {"operation": name, "params": params}
    assert validator.is_valid([step])
    with pytest.raises(InvalidPipeline):
        Pipeline.parse([step])


def test_the_schema_bounds_the_number_of_steps(validator: Validator) -> None:
    assert not validator.is_valid([])
    assert validator.is_valid([{"operation": "flip"}] * 32)
    assert not validator.is_valid([{"operation": "flip"}] * 33)
    assert not validator.is_valid([{"operation": "explode"}])
    assert not validator.is_valid([{"operation": "rotate"}])


def test_references_can_point_into_an_openapi_document() -> None:
    schema = pipeline_schema()
    text = json.dumps(schema["items"])
    assert "#/components/schemas/ResizeStep" in text
    assert "#/$defs" not in text
    assert "ResizeParams" in schema["$defs"]
