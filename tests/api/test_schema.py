"""The OpenAPI document describes every route, and its pages load nothing from other hosts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from drf_spectacular.drainage import GENERATOR_STATS
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.test import APIClient

from image_processor.engine import catalogue
from tests.api.routes import PUBLIC, Route, routes

PAGES = {"schema", "docs", "redoc"}
DESCRIBED = [route for route in routes() if route.name not in PAGES]
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def operation(document: dict[str, Any], route: Route) -> dict[str, Any]:
    template = route.template.replace("{pk}", "{id}")
    found: dict[str, Any] = document["paths"][f"/api/v1/{template}"][route.method]
    return found


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_generating_the_document_gives_no_warning() -> None:
    GENERATOR_STATS.reset()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())


def test_every_reference_has_a_target(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    references = set(re.findall(r"'\$ref': '([^']+)'", str(document)))
    assert references
    for reference in sorted(references):
        start, _, name = reference.rpartition("/")
        assert start == "#/components/schemas", reference
        assert name in schemas


@pytest.mark.parametrize("route", DESCRIBED, ids=str)
def test_every_route_is_described(document: dict[str, Any], route: Route) -> None:
    described = operation(document, route)
    assert described["summary"]
    assert len(described["summary"]) <= 90
    assert described["operationId"]
    assert described["tags"]


@pytest.mark.parametrize("route", DESCRIBED, ids=str)
def test_the_refusals_of_every_route_are_described(document: dict[str, Any], route: Route) -> None:
    described = operation(document, route)
    answers = described["responses"]
    assert "429" in answers
    if route.name not in PUBLIC:
        assert "401" in answers
        assert described["security"]
    if route.parameters:
        assert "404" in answers
    if "requestBody" in described:
        assert "400" in answers
    for status, answer in answers.items():
        if status >= "400":
            assert answer["content"]["application/problem+json"]["schema"] == PROBLEM, status
            assert answer["description"]


def test_only_the_deletion_of_the_account_has_a_body(document: dict[str, Any]) -> None:
    with_body = {
        str(route)
        for route in DESCRIBED
        if route.method == "delete" and "requestBody" in operation(document, route)
    }
    assert with_body == {"DELETE auth/user/"}
    answers = operation(document, Route("user", "auth/user/", "delete"))["responses"]
    assert "204" in answers


def test_the_document_describes_each_route_exactly_once(document: dict[str, Any]) -> None:
    described = {
        (path.replace("{id}", "{pk}"), method)
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert described == {(f"/api/v1/{route.template}", route.method) for route in DESCRIBED}
    names = [each["operationId"] for path in document["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))


@pytest.fixture
def validator(document: dict[str, Any]) -> Callable[[str], Any]:
    """A validator for a schema of the document."""

    def make(name: str) -> Any:
        return Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": document["components"]},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )

    return make


def test_the_pipeline_schema_accepts_the_examples_of_all_operations(
    document: dict[str, Any], validator: Callable[[str], Any]
) -> None:
    pipeline = validator("Pipeline")
    for item in catalogue():
        pipeline.validate([item["example"]])
    assert not pipeline.is_valid([])
    assert not pipeline.is_valid([{"operation": "resize", "params": {"width": -1}}])
    assert not pipeline.is_valid([{"operation": "nothing"}])
    body = document["paths"]["/api/v1/images/{id}/transform/"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/TransformRequest"
    }
    schema = document["components"]["schemas"]["TransformRequest"]
    assert schema["properties"]["transformations"]["$ref"] == "#/components/schemas/Pipeline"


def test_real_answers_match_their_schemas(
    client: APIClient, upload: Any, work_off: Any, validator: Callable[[str], Any]
) -> None:
    image = upload(client)
    validator("UploadedImage").validate(image)
    path = f"/api/v1/images/{image['id']}/"
    validator("SourceImage").validate(client.get(path).json())
    asked = client.post(f"{path}transform/", {"transformations": [{"operation": "flip"}]})
    validator("Task").validate(asked.json())
    work_off()
    task = client.get(asked["Location"]).json()
    validator("Task").validate(task)
    result = client.get(f"/api/v1/images/transformed/{task['result_image']}/").json()
    validator("TransformedImage").validate(result)
    key = client.post("/api/v1/auth/api-keys/", {"name": "backup", "scopes": ["*"]})
    validator("CreatedApiKey").validate(key.json())
    validator("ApiKey").validate(client.get(key["Location"]).json())
    validator("Problem").validate(client.patch(path, {"tags": 1}).json())


@pytest.mark.parametrize("page", ["docs", "redoc"])
def test_a_page_loads_nothing_from_other_hosts(page: str) -> None:
    answer = APIClient().get(f"/api/{page}/")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    html = answer.content.decode()
    links = re.findall(r"""(?:src|href|url)\s*[=:(]\s*["']?([^"'\s>)]+)""", html)
    assert links
    for link in links:
        assert not re.match(r"(?:https?:)?//", link), link
    assert not re.findall(r"https?://(?!testserver)[^\s\"'<]+", html)
    # The browser refuses requests of the scripts to other hosts.
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy.split("; ")
    assert "http" not in policy
    assert "*" not in policy


def test_the_documentation_ignores_an_invalid_token() -> None:
    for page in ("docs", "redoc", "schema"):
        answer = APIClient().get(f"/api/{page}/", HTTP_AUTHORIZATION="Bearer nonsense")
        assert answer.status_code == 200


def test_the_document_is_also_at_the_address_without_a_version(document: dict[str, Any]) -> None:
    assert APIClient().get("/api/schema").json() == document
