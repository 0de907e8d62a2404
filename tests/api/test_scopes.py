"""API keys: every route names its scope, or is closed to keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.access import api_keys
from api.auth.permissions import Scope
from tests.api.problems import refused
from tests.api.routes import PUBLIC, Route, routes, view_of

PRIVATE = [route for route in routes() if route.name not in PUBLIC]
OPEN = {
    "GET images/": "images:read",
    "POST images/upload/": "images:write",
    "POST images/import/": "images:write",
    "GET images/deletions/": "images:write",
    "GET images/deletions/{pk}/": "images:write",
    "POST images/direct-uploads/": "images:write",
    "GET images/direct-uploads/{pk}/": "images:write",
    "POST images/direct-uploads/{pk}/complete/": "images:write",
    "GET images/transformed/": "images:read",
    "GET images/transformed/{pk}/": "images:read",
    "DELETE images/transformed/{pk}/": "images:write",
    "GET images/transformed/{pk}/download/": "images:read",
    "GET images/{pk}/": "images:read",
    "PATCH images/{pk}/": "images:write",
    "DELETE images/{pk}/": "images:write",
    "GET images/{pk}/original/": "images:read",
    "GET images/status/{pk}/": "images:read",
    "GET images/{pk}/tasks/": "tasks",
    "GET usage/": "images:read",
    "GET stats/": "tasks",
    "POST images/{pk}/transform/": "tasks",
    "POST images/{pk}/preview/": "images:read",
    "POST images/{pk}/file-size/": "images:read",
    "POST images/zip/": "images:read",
    "POST images/transformed/zip/": "images:read",
    "GET tasks/": "tasks",
    "POST tasks/retry-failed/": "tasks",
    "GET tasks/{pk}/": "tasks",
    "DELETE tasks/{pk}/": "tasks",
    "POST tasks/{pk}/cancel/": "tasks",
    "POST tasks/{pk}/retry/": "tasks",
    "GET presets/": "tasks",
    "POST presets/": "tasks",
    "GET presets/{pk}/": "tasks",
    "PUT presets/{pk}/": "tasks",
    "PATCH presets/{pk}/": "tasks",
    "DELETE presets/{pk}/": "tasks",
    "GET batches/": "tasks",
    "POST batches/": "tasks",
    "GET batches/{pk}/": "tasks",
    "DELETE batches/{pk}/": "tasks",
    "POST batches/{pk}/retry-failed/": "tasks",
    "POST batches/{pk}/cancel/": "tasks",
    "GET batches/{pk}/download/": "images:read",
    "POST images/{pk}/transform/plan/": "tasks",
    "POST images/transform/": "images:write tasks",
    "GET images/{pk}/processed/": "images:read",
    "POST images/{pk}/analyze/": "tasks",
    "GET images/{pk}/analysis/": "images:read",
}


@pytest.fixture
def by_key(user: Any) -> Callable[..., APIClient]:
    """Make a client with an API key of `user` that has these scopes."""

    def make(*scopes: str) -> APIClient:
        _, key = api_keys.create(user.pk, name="x", scopes=scopes)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Api-Key {key}")
        return client

    return make


def send(client: APIClient, route: Route, method: str = "") -> Any:
    path = f"/api/v1/{route.template.format(pk=987_654_321)}"
    body = b"{}"
    return client.generic(method or route.method.upper(), path, body, "application/json")


def declared(route: Route) -> str:
    view, action = view_of(route)
    needed = getattr(view, "required_scopes", {}).get(action, ())
    return " ".join([needed] if isinstance(needed, str) else needed)


def test_only_the_listed_routes_are_open_to_api_keys() -> None:
    """A second list of the scopes, so that none changes by accident."""
    assert {str(route): declared(route) for route in routes() if declared(route)} == OPEN


@pytest.mark.parametrize("route", PRIVATE, ids=str)
def test_a_route_answers_only_keys_with_its_scope(
    by_key: Callable[..., APIClient], route: Route
) -> None:
    needed = OPEN.get(str(route))
    if needed is None:
        for scopes in (["*"], ["images:read", "images:write", "tasks"]):
            refused(send(by_key(*scopes), route), 403, "api_key_not_allowed")
        return
    for scopes in (needed.split(), ["*"]):
        assert send(by_key(*scopes), route).status_code not in (401, 403), scopes
    for scope in needed.split():
        others = [other.value for other in Scope if other not in (scope, Scope.ALL)]
        body = refused(send(by_key(*others), route), 403, "scope_missing")
        assert (body["limit"], body["actual"]) == (scope, others)
        assert scope in body["detail"]


# One route of each path.
PATHS = list({route.template: route for route in PRIVATE}.values())


@pytest.mark.parametrize("route", PATHS, ids=str)
def test_methods_without_a_route_are_405(by_key: Callable[..., APIClient], route: Route) -> None:
    client = by_key("*")
    methods = {each.method for each in routes() if each.template == route.template}
    for method in {"get", "post", "put", "patch", "delete", "trace"} - methods:
        refused(send(client, route, method.upper()), 405, "method_not_allowed")
    is_open = any(str(route).partition(" ")[2] == path.partition(" ")[2] for path in OPEN)
    assert send(client, route, "OPTIONS").status_code == (200 if is_open else 403)


def test_head_needs_the_scope_of_get(by_key: Callable[..., APIClient]) -> None:
    assert by_key("images:read").head("/api/v1/images/").status_code == 200
    assert by_key("tasks").head("/api/v1/images/").status_code == 403


def test_public_routes_accept_any_key(by_key: Callable[..., APIClient]) -> None:
    assert by_key("tasks").get("/api/v1/operations/").status_code == 200


def test_keys_can_do_the_main_job(
    by_key: Callable[..., APIClient], upload: Any, work_off: Callable[[], None]
) -> None:
    image = upload(by_key("images:write"))
    steps = {"transformations": [{"operation": "flip"}]}
    tasks = by_key("tasks")
    answer = tasks.post(f"/api/v1/images/{image['id']}/transform/", steps)
    assert answer.status_code == 201
    work_off()
    task = tasks.get(answer["Location"]).json()
    assert task["status"] == "SUCCESS"
    result = f"/api/v1/images/transformed/{task['result_image']}/"
    download = by_key("images:read").get(f"{result}download/")
    assert b"".join(download.streaming_content)
    refused(by_key("images:read").delete(result), 403, "scope_missing")
    assert by_key("images:write").delete(result).status_code == 204


def test_the_openapi_document_describes_api_keys(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["api_key"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    for scope in Scope:
        assert f"`{scope}`" in scheme["description"]


@pytest.mark.parametrize("route", PRIVATE, ids=str)
def test_the_openapi_document_names_the_scope_of_each_route(
    document: dict[str, Any], route: Route
) -> None:
    path = f"/api/v1/{route.template.replace('{pk}', '{id}')}"
    operation = document["paths"][path][route.method]
    needed = OPEN.get(str(route))
    by_key = [each["api_key"] for each in operation["security"] if "api_key" in each]
    assert by_key == ([needed.split()] if needed else [])
    assert ("API keys need the scope" in operation.get("description", "")) == bool(needed)
    assert "403" in operation["responses"]
