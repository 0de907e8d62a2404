"""The OpenAPI document keeps to what generators of clients understand."""

from __future__ import annotations

import compileall
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import generated_client
from tests.generated_client import PACKAGE

BODY_OPTIONAL = {  # the cookie may hold the token
    "/api/v1/auth/logout/",
    "/api/v1/auth/refresh/",
    "/api/v1/auth/token/refresh/",
    "/api/v1/token/refresh/",
}


def schemas_in(node: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the document, with its place."""
    if isinstance(node, dict):
        yield path, node
        for name, value in node.items():
            yield from schemas_in(value, f"{path}/{name}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from schemas_in(value, f"{path}/{number}")


def test_only_a_body_that_may_be_absent_is_optional(document: dict[str, Any]) -> None:
    optional = {
        path
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if "requestBody" in operation and operation["requestBody"].get("required") is not True
    }
    assert optional == BODY_OPTIONAL


def test_values_are_given_by_enum(document: dict[str, Any]) -> None:
    """In `anyOf`, openapi-python-client takes a `const` as the only allowed value."""
    places = [
        path
        for path, node in schemas_in(document)
        if "const" in node and not path.endswith("/properties")
    ]
    assert places == []


@pytest.mark.parametrize("word", ["oneOf", "anyOf"])
def test_every_alternative_says_what_it_is(document: dict[str, Any], word: str) -> None:
    """Generators make a type of each alternative. One without a type would be any value."""
    places = [
        path
        for path, node in schemas_in(document)
        if isinstance(node.get(word), list) and not path.endswith("/properties")
        for alternative in node[word]
        if not {"$ref", "type", "enum", "oneOf", "anyOf"} & alternative.keys()
    ]
    assert places == []


def test_every_value_of_an_enum_has_its_type(document: dict[str, Any]) -> None:
    kinds = {"string": str, "integer": int, "boolean": bool}
    for path, node in schemas_in(document):
        if isinstance(node.get("enum"), list) and isinstance(node.get("type"), str):
            assert all(isinstance(value, kinds[node["type"]]) for value in node["enum"]), path


@pytest.mark.long
def test_a_generated_python_client_reads_every_kind_of_quality(
    document: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = generated_client.generate(document, tmp_path)
    assert compileall.compile_dir(package, quiet=1)
    monkeypatch.syspath_prepend(str(tmp_path))
    options = importlib.import_module(f"{PACKAGE}.models.task_options").TaskOptions
    shown: dict[str, Any] = {"lossless": False, "metadata": None, "background": None}
    for quality in (80, "auto", None):
        assert options.from_dict({**shown, "quality": quality}).to_dict()["quality"] == quality
