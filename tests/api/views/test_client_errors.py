"""`client-errors/`: reports of errors in a page, which are logged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from rest_framework.test import APIClient

from api.views.client_errors import MAX_BYTES
from tests.api.problems import refused
from tests.audit_lines import AuditLines, captured
from tests.servers.sentry import Sentry, accepting
from utils.error_reports import describe

PATH = "/api/v1/client-errors/"
REPORT = {
    "message": "/reset?token=secret is undefined",
    "stack": "TypeError: x is undefined\n    at https://images.example.org/reset?token=secret",
    "url": "https://images.example.org/reset?uid=7&token=secret#part",
    "component": "Gallery",
    "release": "1.2.3",
}
# As they are logged.
MESSAGE = "/reset is undefined"
STACK = "TypeError: x is undefined\n    at https://images.example.org/reset"


@pytest.fixture
def lines() -> Iterator[AuditLines]:
    with captured("page") as lines:
        yield lines


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def test_a_report_is_one_line_of_the_log(api: APIClient, lines: AuditLines) -> None:
    answer = api.post(PATH, REPORT, HTTP_USER_AGENT="Browser/1")
    assert (answer.status_code, answer.content) == (204, b"")
    [line] = lines()
    assert (line["event"], line["level"], line["logger"]) == ("page_error", "warning", "page")
    assert line["user_agent"] == "Browser/1"
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["message"] == MESSAGE
    assert line["stack"] == STACK
    for name in ("component", "release"):
        assert line[name] == REPORT[name]


def test_secrets_in_an_address_are_not_logged(api: APIClient, lines: AuditLines) -> None:
    for url in (REPORT["url"], "http://[::1?token=secret", "/verify-email?key=secret", "#secret"):
        assert api.post(PATH, {**REPORT, "url": url}).status_code == 204
    assert "secret" not in lines.text
    assert lines()[0]["url"] == "https://images.example.org/reset"


@pytest.mark.parametrize("text", ["a\nb", 'a\r\n{"event": "login"}', "a\x1b[31m", "\u2028", '"}'])
def test_no_text_adds_a_line_to_the_log(api: APIClient, lines: AuditLines, text: str) -> None:
    agent = text.replace("\n", " ").replace("\r", " ").encode("ascii", "replace").decode()
    report = dict.fromkeys(REPORT, f"x{text}x")
    assert api.post(PATH, report, HTTP_USER_AGENT=agent).status_code == 204
    assert len(lines.text.split("\n")) == 2  # one line and the empty text after its end
    assert lines.text.isascii()
    [line] = lines()
    assert (line["event"], line["message"]) == ("page_error", f"x{text}x")


def test_a_report_needs_only_a_message(api: APIClient, lines: AuditLines) -> None:
    assert api.post(PATH, {"message": "x"}).status_code == 204
    assert not {"stack", "url", "component", "release"} & lines()[0].keys()


@pytest.mark.parametrize(
    ("report", "pointer"),
    [
        ({}, "/message"),
        ({"message": ""}, "/message"),
        ({"message": 7}, "/message"),
        ({"message": "x" * 2_001}, "/message"),
        ({**REPORT, "stack": "x" * 10_001}, "/stack"),
        ({**REPORT, "url": "x" * 2_001}, "/url"),
        ({**REPORT, "component": "x" * 201}, "/component"),
        ({**REPORT, "release": "x" * 101}, "/release"),
        ({**REPORT, "event": "login"}, "/event"),
        ({**REPORT, "user_agent": "x"}, "/user_agent"),
    ],
)
def test_invalid_reports_are_refused(
    api: APIClient, lines: AuditLines, report: dict[str, Any], pointer: str
) -> None:
    refused(api.post(PATH, report), 400, "invalid_input", pointer)
    assert lines() == []


def test_a_large_body_is_413(api: APIClient, lines: AuditLines) -> None:
    body = refused(api.post(PATH, {"message": "x" * MAX_BYTES}), 413, "body_too_large")
    assert body["limit"] == MAX_BYTES
    assert lines() == []


def test_a_long_user_agent_is_truncated(api: APIClient, lines: AuditLines) -> None:
    assert api.post(PATH, REPORT, HTTP_USER_AGENT="x" * 5_000).status_code == 204
    assert lines()[0]["user_agent"] == "x" * 300


def test_reports_from_other_pages_are_refused(
    api: APIClient, lines: AuditLines, settings: Any
) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["http://localhost:3000"]
    for headers in (
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
    ):
        refused(api.post(PATH, REPORT, **headers), 403, "origin_not_allowed")
    assert lines() == []
    for headers in (
        {"HTTP_ORIGIN": "http://localhost:3000"},
        {"HTTP_SEC_FETCH_SITE": "same-origin"},
    ):
        assert api.post(PATH, REPORT, **headers).status_code == 204


def test_an_invalid_session_cookie_is_ignored(api: APIClient, lines: AuditLines) -> None:
    api.cookies["access"] = "nonsense"
    assert api.post(PATH, REPORT).status_code == 204


def test_reports_have_a_separate_rate_limit(
    api: APIClient, lines: AuditLines, settings: Any
) -> None:
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = {
        **settings.THROTTLE_RATES,
        "client_errors": "2/day",
        "anon": "1/day",
    }
    for _ in range(2):
        assert api.post(PATH, REPORT).status_code == 204
    answer = api.post(PATH, REPORT)
    refused(answer, 429, "rate_limited")
    assert answer["RateLimit-Policy"] == '"client_errors";q=2;w=86400'
    assert len(lines()) == 2
    assert api.get("/api/v1/operations/").status_code == 200


# --- Sentry


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    with accepting() as sentry:
        yield sentry


def test_a_configured_sentry_gets_one_event_per_report(
    api: APIClient, lines: AuditLines, sentry: Sentry, settings: Any
) -> None:
    settings.SENTRY_DSN = sentry.dsn
    client = sentry_sdk.Client(
        dsn=sentry.dsn, before_send=describe, auto_enabling_integrations=False
    )
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client)
        answer = api.post(PATH, REPORT, HTTP_USER_AGENT="Browser/1")
        assert answer.status_code == 204
        client.close(timeout=10)
    [event] = sentry.events
    assert event["logentry"]["formatted"] == MESSAGE
    assert (event["level"], event["logger"], event["release"]) == ("error", "page", "1.2.3")
    assert event["tags"] == {"component": "Gallery", "request_id": answer["X-Request-ID"]}
    assert event["extra"]["stack"] == STACK
    assert event["request"]["url"] == "https://images.example.org/reset"
    assert "secret" not in json.dumps(event)
