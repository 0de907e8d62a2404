"""No route lets a user read or change objects of another user."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from accounts.access import api_keys
from image_processor.storage import link_window
from tests.api.objects import objects_of, path_with
from tests.api.problems import refused
from tests.api.routes import HTTP_METHODS, PUBLIC, Route, routes, view_of
from tests.builders.shared import shared_rows

NOBODYS = 987_654_321
WITH_ID = [route for route in routes() if route.parameters]
PRIVATE = [route for route in routes() if route.name not in PUBLIC]
# Methods that a path does not offer.
OTHER_METHODS = {
    route.template: [
        method
        for method in (*HTTP_METHODS, "head", "options")
        if (route.template, method) not in {(each.template, each.method) for each in WITH_ID}
    ]
    for route in WITH_ID
}
LISTS = [route for route in PRIVATE if view_of(route)[1] == "list"]


@dataclass(frozen=True)
class World:
    """The objects of one user (start of a route's path -> id), and another user."""

    owner: int
    mine: dict[str, int]
    stranger: int
    stranger_key: str


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The objects for all tests. Each test rolls back its changes."""
    with shared_rows(django_db_blocker):
        users = get_user_model().objects
        owner, stranger = (
            users.create(username=name, email=f"{name}@example.com", password="!")
            for name in ("owner", "stranger")
        )
        _, key = api_keys.create(stranger.pk, name="x", scopes=["*"])
        client = APIClient()
        client.force_authenticate(owner)
        yield World(owner.pk, objects_of(client), stranger.pk, key)


@pytest.fixture
def mine(db: None, world: World) -> dict[str, int]:
    return world.mine


@pytest.fixture
def client(db: None, world: World, client_of: Any) -> APIClient:
    """The client of the owner."""
    return client_of(get_user_model().objects.get(pk=world.owner))


@pytest.fixture(params=["session", "api key"])
def stranger(request: Any, db: None, world: World, client_of: Any) -> APIClient:
    """A client of another user, with a session or with an API key of all scopes."""
    if request.param == "session":
        return client_of(get_user_model().objects.get(pk=world.stranger))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {world.stranger_key}")
    return client


@pytest.fixture
def newcomer(client_of: Any, make_user: Any) -> APIClient:
    """A client of a user without any object."""
    return client_of(make_user())


def told(answer: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, body and headers of an answer, without its request id."""
    body = answer.json() if answer.content else {}
    body.pop("request_id", None)
    headers = {name: value for name, value in answer.items() if name != "X-Request-ID"}
    return answer.status_code, body, headers


def send(client: APIClient, method: str, path: str) -> Any:
    return client.generic(method.upper(), path, b"{}", content_type="application/json")


def test_there_are_routes() -> None:
    assert len(WITH_ID) >= 14
    assert len(LISTS) >= 4
    assert len(PRIVATE) > len(WITH_ID)
    assert {route.name for route in routes()} >= PUBLIC


@pytest.mark.parametrize("route", WITH_ID, ids=str)
def test_an_object_of_another_user_is_not_found(
    mine: dict[str, int], route: Route, stranger: APIClient
) -> None:
    answer = send(stranger, route.method, path_with(route, mine))
    if answer.status_code != 403:
        refused(answer, 404, "not_found")
    else:  # the route is closed to API keys, see tests/api/test_scopes.py
        refused(answer, 403, "api_key_not_allowed")
    assert told(answer) == told(send(stranger, route.method, path_with(route, NOBODYS)))


@pytest.mark.parametrize("template", OTHER_METHODS)
def test_no_other_method_reveals_that_an_object_exists(
    mine: dict[str, int], template: str, stranger: APIClient
) -> None:
    for method in OTHER_METHODS[template]:
        route = Route("", template, method)
        there = told(send(stranger, method, path_with(route, mine)))
        assert there == told(send(stranger, method, path_with(route, NOBODYS))), method


def test_requests_of_another_user_change_nothing(
    mine: dict[str, int], client: APIClient, stranger: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()  # the time does not change, so links stay the same
    monkeypatch.setattr(link_window, "time", SimpleNamespace(time=lambda: now))
    shown = [client.get(f"/api/v1/{start.format(pk=pk)}").json() for start, pk in mine.items()]
    for route in WITH_ID:
        for method in HTTP_METHODS:
            send(stranger, method, path_with(route, mine))
    after = [client.get(f"/api/v1/{start.format(pk=pk)}").json() for start, pk in mine.items()]
    assert after == shown


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_lists_show_only_objects_of_the_user(
    mine: dict[str, int], client: APIClient, newcomer: APIClient, route: Route
) -> None:
    """A new list fails here until `objects_of` makes something that it shows."""
    kind = route.template
    assert len(client.get(f"/api/v1/{kind}").json()["results"]) == 1
    theirs = newcomer.get(f"/api/v1/{kind}?page_size=100").json()
    assert theirs == {"next": None, "previous": None, "results": []}


def test_a_filter_by_an_id_of_another_user_finds_nothing(
    mine: dict[str, int], newcomer: APIClient
) -> None:
    answer = newcomer.get(f"/api/v1/tasks/?original_image={mine['images/{pk}/']}")
    assert answer.json()["results"] == []


@pytest.mark.parametrize("route", PRIVATE, ids=str)
def test_private_routes_need_a_token(db: None, route: Route) -> None:
    path = path_with(route, 1) if route.parameters else f"/api/v1/{route.template}"
    answer = send(APIClient(), route.method, path)
    refused(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("route", [route for route in routes() if route.name in PUBLIC], ids=str)
def test_public_routes_need_no_token(db: None, route: Route) -> None:
    answer = send(APIClient(), route.method, f"/api/v1/{route.template}")
    assert (
        answer.status_code != 401
        or answer.json()["code"] != "not_authenticated"
        or (
            # These routes answer 401 because the body has no refresh token.
            route.name in ("token-refresh", "alias-auth-refresh", "alias-auth-token-refresh")
        )
    )
