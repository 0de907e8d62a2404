"""The catalogue and the schema say what the validation does."""

import json
from typing import Any

import jsonschema
import pytest
from jsonschema.protocols import Validator

from image_processor.engine import JSON_SCHEMA_REF, Pipeline, catalogue, pipeline_schema
from image_processor.engine.operations import OPERATIONS
from tests.engine.operations.test_parameters import REFUSED, VALID

SCHEMA = pipeline_schema(JSON_SCHEMA_REF)

# What JSON Schema cannot say or what only the font knows.
BEYOND_SCHEMA = {"conflict", "blank", "unsupported_character", "colour", "aspect"}


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


@pytest.mark.parametrize(
    ("name", "params"), [(name, params) for name, rows in VALID.items() for params in rows]
)
def test_the_schema_takes_what_is_valid(
    validator: Validator, name: str, params: dict[str, Any]
) -> None:
    step = {"operation": name, "params": params}
    assert list(validator.iter_errors([step])) == []


@pytest.mark.parametrize(("name", "params", "place", "code"), REFUSED)
def test_the_schema_refuses_what_it_can(
    validator: Validator, name: str, params: dict[str, Any], place: str, code: str
) -> None:
    values = list(params.values())
    beyond = code in BEYOND_SCHEMA or params in ({"grayscale": False}, {"lossless": False})
    # NaN is no JSON, 5.0 is an integer to JSON Schema, null sides are absent ones.
    beyond |= any(isinstance(value, float) for value in values) or values == [None, None]
    beyond |= values == ["\ud800"] or (params == {} and name == "apply_filter")
    beyond |= place == "" and code == "missing" and "x" in params
    if not beyond:
        assert list(validator.iter_errors([{"operation": name, "params": params}]))


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
