"""Every route that creates an object accepts an `Idempotency-Key`."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.problems import refused
from tests.api.requests.idempotency.creating_routes import CREATING, creation_status
from tests.api.requests.idempotency.keyed_requests import Send, send_key
from tests.api.routes import Route, view_of


@pytest.mark.parametrize("route", CREATING, ids=str)
def test_a_repeated_request_creates_one_object(
    client: APIClient, senders: dict[str, tuple[Send, Any]], route: Route
) -> None:
    """A new route that creates fails here until it is `@idempotent`."""
    view, action = view_of(route)
    assert getattr(getattr(view, action), "idempotent", False)
    send, kind = senders[route.name]
    before = kind.objects.count()
    first, again = send(client), send(client)
    assert first.status_code == again.status_code == creation_status(route), again.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    assert again.json()["id"] == first.json()["id"]
    assert kind.objects.count() == before + 1
    # A request without a key, or with another key, creates another object.
    for key in (None, "two"):
        answer = send(client, key)
        assert answer.json()["id"] != first.json()["id"]
        assert "Idempotent-Replayed" not in answer
    assert kind.objects.count() == before + 3


@pytest.mark.parametrize("route", CREATING, ids=str)
def test_the_openapi_document_describes_the_header(document: dict[str, Any], route: Route) -> None:
    path = f"/api/v1/{route.template.replace('{pk}', '{id}')}"
    operation = document["paths"][path]["post"]
    (header,) = [each for each in operation["parameters"] if each["name"] == "Idempotency-Key"]
    assert header["in"] == "header"
    assert not header.get("required")
    created = str(creation_status(route))
    assert operation["responses"].keys() >= {created, "400", "409", "410", "422"}
    assert "Idempotent-Replayed" in operation["responses"][created]["headers"]


@pytest.mark.parametrize(
    ("route", "key"),
    [
        # `@idempotent` reads the key for every route, so one route tries the other keys.
        *((route, "é") for route in CREATING),
        *((CREATING[0], key) for key in ("", " ", "x" * 256, "tab\there")),
    ],
    ids=str,
)
def test_an_invalid_key_is_refused(
    client: APIClient, senders: dict[str, tuple[Send, Any]], route: Route, key: str
) -> None:
    send, kind = senders[route.name]
    before = kind.objects.count()
    body = refused(send(client, key), 400, "idempotency_key_invalid")
    assert (body["limit"], body["actual"]) == (255, len(key))
    assert kind.objects.count() == before


@pytest.mark.parametrize("key", ["a", "x" * 255, '"8e03978e-40d5-43dd"', "!~"])
def test_a_valid_key_is_accepted(client: APIClient, key: str) -> None:
    first = send_key(client, key).json()
    assert send_key(client, key).json()["id"] == first["id"]
