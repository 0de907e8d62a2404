"""Every request is one line of the log, and no line holds what opens an account or a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from image_processing_service import health
from image_processor.library import picture_links
from tests.audit_lines import AuditLines, captured
from tests.builders import rows

RESET_TOKEN = "cabc12-0123456789abcdef0123456789abcdef"


@pytest.fixture
def lines() -> Iterator[AuditLines]:
    """All lines of all loggers."""
    with captured("") as lines:
        yield lines


def test_a_request_is_one_line(client: APIClient, user: Any, lines: AuditLines) -> None:
    answer = client.get(
        "/api/v1/images/?page_size=2",
        HTTP_X_REQUEST_ID="id-of-this-request",
        HTTP_USER_AGENT="Browser/1 " + "x" * 500,
    )
    assert answer.status_code == 200
    [line] = lines()
    assert line.pop("duration_ms") > 0
    assert line.pop("timestamp")
    assert line.pop("user_agent") == ("Browser/1 " + "x" * 500)[:300]
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "api.http.request_log",
        "method": "GET",
        "route": "/api/v1/images/",
        "path": "/api/v1/images/",
        "status": 200,
        "request_id": "id-of-this-request",
        "address": "127.0.0.1",
        "user_id": user.pk,
    }


def test_the_route_names_the_parameters(client: APIClient, lines: AuditLines) -> None:
    assert client.get("/api/v1/images/7/").status_code == 404
    [line] = lines()
    assert (line["path"], line["status"]) == ("/api/v1/images/7/", 404)
    assert line["route"] == "/api/v1/images/<int:pk>/"


def test_a_link_to_a_file_is_not_logged(user: Any, lines: AuditLines) -> None:
    token = str(picture_links.link(rows.image(user))).rpartition("/")[2]
    for path in (f"/files/{token}", f"/files/{token}/", f"/api/v1/files/{token}", f"//{token}/x"):
        Client().get(path).close()
    signature = token.rpartition(":")[2]
    assert signature not in lines.text
    assert token[:12] not in lines.text
    first = lines()[0]
    assert (first["status"], first["route"]) == (200, "/files/<str:token>")
    assert first["path"] == f"/files/{token[:8]}..."
    assert len(lines()) == 4


@pytest.mark.parametrize(
    "path",
    [
        f"/reset?uid=7&token={RESET_TOKEN}",
        f"/reset/{RESET_TOKEN}",
        f"/verify-email?key={RESET_TOKEN}",
        f"/gallery;token={RESET_TOKEN}",
        f"/api/v1/auth/refresh/?refresh_token={RESET_TOKEN}",
        f"/api/v1/nothing?access_token={RESET_TOKEN}",
        f"/api/v1/images/{RESET_TOKEN}%2Fx/?{RESET_TOKEN}",
        f"/reset/%20{RESET_TOKEN}",
        f"/reset?name='&token={RESET_TOKEN}",
    ],
)
def test_no_token_of_an_address_is_logged(path: str, lines: AuditLines) -> None:
    Client().get(path)
    APIClient().post(path, {"token": RESET_TOKEN})
    assert RESET_TOKEN not in lines.text
    assert RESET_TOKEN[7:] not in lines.text
    assert [line["event"] for line in lines()] == ["request", "request"]


def test_an_error_outside_of_the_api_is_told_once_with_its_traceback(
    lines: AuditLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError(f"no answer of redis://:{RESET_TOKEN}@cache.example/1")

    monkeypatch.setattr(SessionStore, "load", fail)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    assert client.get(f"/admin/?token={RESET_TOKEN}").status_code == 500
    error, request = lines()
    assert (error["event"], error["level"]) == ("request.failed", "error")
    assert "no answer of redis://cache.example/1" in error["exception"]
    assert (request["event"], request["level"], request["status"]) == ("request", "warning", 500)
    assert error["request_id"] == request["request_id"]
    assert RESET_TOKEN not in lines.text


@pytest.mark.django_db
def test_what_only_a_client_does_wrong_is_no_error_of_the_service(lines: AuditLines) -> None:
    client = Client()
    assert client.get("/admin/", HTTP_HOST="evil.example").status_code == 400
    form = "multipart/form-data; boundary=é"
    assert client.post("/admin/login/", b"x", content_type=form).status_code == 400
    assert [(it["event"], it["level"], it["status"]) for it in lines()] == [
        ("request", "info", 400),
        ("request", "info", 400),
    ]


def test_probes_are_told_only_when_they_fail(
    lines: AuditLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = {"database": "ok"}
    monkeypatch.setattr(health.readiness, "states", lambda: states)
    assert [Client().get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    assert lines() == []
    states["database"] = "The database does not answer."
    assert Client().get("/readyz").status_code == 503
    [line] = lines()
    assert (line["event"], line["path"], line["level"]) == ("request", "/readyz", "warning")


@pytest.mark.django_db
def test_the_log_asks_the_database_for_nothing() -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/v1/operations/").status_code == 200
    assert len(queries) == 0
