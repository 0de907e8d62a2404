"""Whatever a request holds, the answer is never a failure of ours, and never HTML."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from scripts.derived.sample import sample
from tests.api.routes import Route, routes

PAGES = {"docs", "redoc", "schema"}
CHECKED = [route for route in routes() if route.name not in PAGES]
ODD = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "NaN",
        "\0",
        "\ud800",
        "٣",
        "9" * 40,
        "1e999",
        "../..",
        "a\r\nb",
        "\u202e",
        "[]",
    ]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(2**63), 2**63, 1e308, -0.0])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=20) | ODD,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10) | ODD, inner, max_size=4)
    ),
    max_leaves=8,
)
QUERIES = ["page_size", "cursor", "wait", "status", "original_image", "include", "format", "\0"]

attacked = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return APIClient().get("/api/v1/schema/").json()


def body_of(document: dict[str, Any], route: Route) -> Any:
    """A body that fits, to start from; None where the route takes none in JSON."""
    path = f"/api/v1/{route.template.replace('{pk}', '{id}')}"
    content = document["paths"][path][route.method].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", content.get("multipart/form-data", {})).get("schema")
    return sample(document, schema) if schema else None


def replaced(data: Any, body: Any, value: Any) -> Any:
    """The body with one of its values, at any depth, replaced."""
    places: list[tuple[Any, Any]] = []

    def collect(node: Any) -> None:
        keys = node.keys() if isinstance(node, dict) else range(len(node))
        for key in keys:
            places.append((node, key))
            if isinstance(node[key], dict | list):
                collect(node[key])

    body = copy.deepcopy(body)
    collect(body)
    if not places:
        return value
    node, key = data.draw(st.sampled_from(places))
    node[key] = value
    return body


@pytest.mark.parametrize("route", CHECKED, ids=str)
def test_no_request_is_a_failure_of_ours(
    client: APIClient,
    upload: Callable[..., dict[str, Any]],
    document: dict[str, Any],
    settings: Any,
    route: Route,
) -> None:
    # Each of hundreds of passwords would cost what a good hash costs.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    image = upload(client)
    task = client.post(
        f"/api/v1/images/{image['id']}/transform/", {"transformations": [{"operation": "flip"}]}
    ).json()
    own = task["id"] if route.template.startswith("tasks/") else image["id"]
    good = body_of(document, route)

    @given(st.data())
    @attacked
    def attack(data: Any) -> None:
        path = route.template.replace("{pk}", str(data.draw(st.sampled_from([own, 0, 10**40]))))
        query = data.draw(st.dictionaries(st.sampled_from(QUERIES), ODD | st.text(max_size=20)))
        if query.get("wait", "x").isascii() and query.get("wait", "x").isdigit():
            del query["wait"]  # waiting is another test's
        value = data.draw(VALUES)
        whole = good is None or data.draw(st.integers(0, 4)) == 0
        body = value if whole else replaced(data, good, value)
        with transaction.atomic():  # what it changes is not the next one's
            answer = client.generic(
                route.method.upper(),
                f"/api/v1/{path}?{urlencode(query, errors='surrogatepass')}",
                json.dumps(body).encode(),
                content_type="application/json",
            )
            transaction.set_rollback(True)
        if answer.streaming:
            b"".join(answer.streaming_content)
            return
        assert answer.status_code < 500, (path, query, body, answer.content)
        assert not answer.get("Content-Type", "").startswith("text/html")

    attack()
