"""No route ignores a field of a JSON body: an unknown field is refused by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from tests.api.problems import refused
from tests.api.routes import Route, routes, view_of
from tests.api.test_ownership import objects_of, path_with
from tests.builders.shared import shared_rows

UPLOADS = {"image-upload", "upload-transform"}
# What these do is not configured, whatever the body says.
UNCONFIGURED = {"payments-create", "payments-confirm", "payments-webhook", "image-analyze"}
CHANGES = [
    route
    for route in routes()
    if (route.method in ("post", "put", "patch") and route.name not in UPLOADS | UNCONFIGURED)
    or (route.name, route.method) == ("user", "delete")
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Any, dict[str, int]]]:
    """A user, and one object of each kind. Each test rolls back its changes."""
    with shared_rows(django_db_blocker):
        owner = get_user_model().objects.create(username="owner", email="o@example.com")
        client = APIClient()
        client.force_authenticate(owner)
        yield owner, objects_of(client)


@pytest.mark.parametrize("route", CHANGES, ids=str)
def test_an_unknown_field_is_refused_by_name(db: None, world: Any, route: Route) -> None:
    owner, objects = world
    client = APIClient()
    if view_of(route)[0].authentication_classes:
        client.force_authenticate(owner)
    path = path_with(route, objects) if route.parameters else f"/api/v1/{route.template}"
    # Of a preset, problems of the name are reported before those of the pipeline.
    needed = {"name": "x"} if route.template.startswith("presets/") else {}
    answer = getattr(client, route.method)(path, {**needed, "no_such_field": 1}, format="json")
    body = refused(answer, 400, answer.json()["code"])
    assert "/no_such_field" in [error["pointer"] for error in body["errors"]]
    [code] = {e["code"] for e in body["errors"] if e["pointer"] == "/no_such_field"}
    assert code == "unknown_field"


@pytest.mark.parametrize("body", [[], ["tasks"], "all", 7, True])
def test_a_route_without_fields_takes_no_other_body(db: None, world: Any, body: Any) -> None:
    owner, _ = world
    client = APIClient()
    client.force_authenticate(owner)
    refused(client.post("/api/v1/tasks/retry-failed/", body, format="json"), 400, "invalid_input")


def test_a_route_without_fields_takes_an_empty_object(db: None, world: Any) -> None:
    owner, _ = world
    client = APIClient()
    client.force_authenticate(owner)
    assert client.post("/api/v1/tasks/retry-failed/", {}, format="json").status_code == 200
