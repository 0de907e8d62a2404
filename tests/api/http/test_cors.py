"""Pages of the configured origins may use the API in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

PAGE = "http://localhost:3000"
FOREIGN = ("http://evil.example", "http://localhost:3001", "https://localhost:3000", "null")


@pytest.fixture(autouse=True)
def _allowed(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [PAGE]


def test_an_allowed_page_reads_the_answer(client: APIClient) -> None:
    answer = client.get("/api/v1/images/", HTTP_ORIGIN=PAGE)
    assert answer["Access-Control-Allow-Origin"] == PAGE
    assert answer["Access-Control-Allow-Credentials"] == "true"
    assert "origin" in answer["Vary"].lower()
    exposed = {name.strip().lower() for name in answer["Access-Control-Expose-Headers"].split(",")}
    assert exposed >= {
        "content-disposition",
        "etag",
        "location",
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "x-request-id",
    }


@pytest.mark.parametrize("path", ["/api/v1/images/", "/api/v1/nothing/", "/api/images"])
def test_an_allowed_page_reads_problems(db: None, path: str) -> None:
    answer = APIClient().get(path, HTTP_ORIGIN=PAGE)
    assert answer.status_code in (401, 404)
    assert answer["Access-Control-Allow-Origin"] == PAGE
    assert answer["X-Request-ID"]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_reads_nothing(client: APIClient, origin: str) -> None:
    answer = client.get("/api/v1/images/", HTTP_ORIGIN=origin)
    assert "Access-Control-Allow-Origin" not in answer
    assert "Access-Control-Allow-Credentials" not in answer


def preflight(origin: str, headers: str = "authorization", method: str = "PATCH") -> Any:
    return APIClient().options(
        "/api/v1/images/1/",
        HTTP_ORIGIN=origin,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD=method,
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS=headers,
    )


def test_a_preflight_needs_no_token() -> None:
    answer = preflight(PAGE)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == PAGE
    assert answer["Access-Control-Allow-Credentials"] == "true"
    allowed = {name.strip().lower() for name in answer["Access-Control-Allow-Headers"].split(",")}
    assert allowed >= {
        "authorization",
        "content-type",
        "idempotency-key",
        "if-match",
        "if-none-match",
        "x-auth-mode",
        "x-request-id",
    }
    methods = {name.strip() for name in answer["Access-Control-Allow-Methods"].split(",")}
    assert methods >= {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize("origin", FOREIGN)
def test_the_preflight_of_a_foreign_page_allows_nothing(origin: str) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(origin)


def test_without_configured_origins_no_page_is_allowed(client: APIClient, settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = []
    answer = client.get("/api/v1/images/", HTTP_ORIGIN=PAGE)
    assert "Access-Control-Allow-Origin" not in answer
