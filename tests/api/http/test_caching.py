"""Who may keep an answer: nobody what holds links or personal data, on any route."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from tests.api.objects import objects_of, path_with
from tests.api.routes import Route, routes
from tests.builders.shared import shared_rows

NOBODY, OWNER, EVERYBODY = "private, no-store", "private, no-cache", "public, max-age=300"
# All routes but these forbid to keep their answers.
OTHERS = {
    "operations": EVERYBODY,
    "image-original": OWNER,
    "transformed-image-download": OWNER,
    "alias-images-processed": OWNER,
}
READ = [route for route in routes() if route.method == "get"]


@pytest.fixture(scope="module")
def mine(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Any, dict[str, int]]]:
    """A user, and one object of each kind."""
    with shared_rows(django_db_blocker):
        user = get_user_model().objects.create(username="ann", email="ann@example.com")
        client = APIClient()
        client.force_authenticate(user)
        yield user, objects_of(client)


@pytest.fixture
def client(db: None, mine: tuple[Any, dict[str, int]], client_of: Any) -> APIClient:
    return client_of(mine[0])


def path_of(route: Route, mine: tuple[Any, dict[str, int]]) -> str:
    return path_with(route, mine[1]) if route.parameters else f"/api/v1/{route.template}"


def varies(answer: Any) -> set[str]:
    """The request headers that the answer depends on, in lower case."""
    return {name.strip().lower() for name in answer["Vary"].split(",")}


@pytest.mark.parametrize("route", READ, ids=str)
def test_what_a_route_shows_may_be_kept_by_nobody_else(
    client: APIClient, mine: Any, route: Route
) -> None:
    answer = client.get(path_of(route, mine))
    if answer.streaming:
        list(answer.streaming_content)  # closes the file
    assert answer.status_code in (200, 409)  # nothing analyses pictures here
    expected = OTHERS.get(route.name, NOBODY)
    assert answer["Cache-Control"] == expected
    credentials = set() if expected == EVERYBODY else {"authorization", "cookie"}
    assert varies(answer) >= {"origin", *credentials}
    assert credentials or not varies(answer) & {"authorization", "cookie"}
    if "ETag" in answer:  # still answered, for programs that remember the ETag themselves
        again = client.get(path_of(route, mine), HTTP_IF_NONE_MATCH=answer["ETag"])
        assert (again.status_code, again["Cache-Control"]) == (304, expected)


def test_no_refusal_of_any_route_may_be_kept(db: None) -> None:
    for route in routes():
        path = path_with(route, 1) if route.parameters else f"/api/v1/{route.template}"
        answer = APIClient().generic(route.method, path, "{", content_type="application/json")
        if answer.status_code >= 400:
            assert answer["Cache-Control"] == NOBODY, route
            assert varies(answer) >= {"origin", "authorization", "cookie"}, route


def test_a_refused_operation_list_may_not_be_kept(db: None) -> None:
    answer = APIClient().get("/api/v1/operations/", HTTP_AUTHORIZATION="Bearer nonsense")
    assert (answer.status_code, answer["Cache-Control"]) == (401, NOBODY)


@pytest.mark.parametrize("path", ["/api/nothing/", "/files/nonsense", "/api/v1/broken/view/"])
@pytest.mark.urls("tests.api.broken_urls")
def test_an_error_without_a_route_may_not_be_kept(db: None, path: str) -> None:
    answer = APIClient(raise_request_exception=False).get(path)
    assert answer.status_code >= 400
    assert answer["Cache-Control"] == NOBODY
