"""What Sentry gets of real processes: one event for each failure, and no personal data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.sentry import Sentry, accepting
from utils.error_reports import describe

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "cabc12-0123456789abcdef0123456789abcdef"

# The database does not answer: once in a view of the API, once outside of it.
WEB = """
import sentry_sdk
from io import BytesIO
from image_processing_service.wsgi import application
from wsgiref.util import setup_testing_defaults

def request(method, path, query, body=b"", **headers):
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query,
        "REMOTE_ADDR": "203.0.113.7", "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json", "HTTP_HOST": "images.example.org",
        "HTTP_USER_AGENT": "Browser/1", "HTTP_X_REQUEST_ID": "id-" + method, **headers,
    }
    setup_testing_defaults(environ)
    answer = application(environ, lambda status, headers: print(status))
    b"".join(answer)
    answer.close()

request("POST", "/api/v1/auth/login/", "token=TOKEN",
        b'{"username": "ann@example.com", "password": "pass-phrase"}')
request("GET", "/admin/", "token=TOKEN", HTTP_COOKIE="sessionid=" + "s" * 32)
sentry_sdk.flush(10)
""".replace("TOKEN", TOKEN)
WORKER = """
import sentry_sdk
from image_processing_service.celery import app
app.log.setup()

@app.task(name="failing")
def fail(address):
    raise ValueError(f"cannot read https://x.example/a?token=TOKEN")

fail.apply(("ann@example.com",), throw=False)
import pathlib, structlog
uri = "https://x.example/files/TOKEN?a=b"
structlog.get_logger("ours").error("failed", sources=[{"uri": uri}, pathlib.Path(uri)])
sentry_sdk.capture_message(f"no answer of {uri}", level="error")
sentry_sdk.flush(10)
""".replace("TOKEN", TOKEN)


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    with accepting() as sentry:
        yield sentry


def run(code: str, sentry: Sentry, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "image_processing_service.settings",
            "DJANGO_SECRET_KEY": "x" * 50,
            "PUBLIC_URL": "https://images.example.org",
            "DATABASE_URL": "postgres://nobody:hidden@127.0.0.1:9/nothing",
            "CACHE_REDIS_URL": "redis://:hidden@127.0.0.1:9/1",
            "RATE_LIMITS": "False",
            "SENTRY_DSN": sentry.dsn,
            **environment,
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert sentry.kinds == ["event"] * len(sentry.events)
    text = json.dumps(sentry.events)
    for secret in ("203.0.113.7", "hidden", "ann@example.com", "pass-phrase", TOKEN, "ssss"):
        assert secret not in text
    return done.stdout


def test_a_failed_request_is_one_event(sentry: Sentry) -> None:
    answers = run(WEB, sentry, SENTRY_ENVIRONMENT="staging", SENTRY_RELEASE="1.2.3")
    assert [line[:3] for line in answers.splitlines()] == ["503", "500"]
    of_view, outside = sentry.events
    for event, method, path in (
        (of_view, "POST", "/api/v1/auth/login/"),
        (outside, "GET", "/admin/"),
    ):
        assert (event["environment"], event["release"]) == ("staging", "1.2.3")
        assert event["exception"]["values"][-1]["type"] == "OperationalError"
        assert event["exception"]["values"][-1]["stacktrace"]["frames"]
        assert event["tags"]["request_id"] == f"id-{method}"
        url = f"https://images.example.org{path}"
        assert event["request"] == {"method": method, "url": url.replace("https", "http")}
    assert of_view["logentry"] == {"formatted": "database.unavailable"}
    assert of_view["logger"] == "api.http.problem"


def test_failures_of_a_worker_are_one_event_each(sentry: Sentry) -> None:
    run(WORKER, sentry)
    event, of_line, of_message = sentry.events
    assert event["environment"] == "production"
    assert event["exception"]["values"][-1]["value"] == "cannot read https://x.example/a"
    assert event["transaction"] == "failing"
    assert of_line["extra"]["sources"] == [
        {"uri": "https://x.example/files/cabc12-0..."},
        "PosixPath('https:/x.example/files/cabc12-0...')",
    ]
    assert of_message["message"] == "no answer of https://x.example/files/cabc12-0..."


def test_the_values_of_a_row_are_not_sent() -> None:
    text = "duplicate key\nDETAIL:  Key (email)=(ann@example.com) already exists.\n"
    event: dict[str, Any] = {"exception": {"values": [{"value": text}]}, "user": {"id": 7}}
    assert describe(event, {}) == {
        "exception": {"values": [{"value": "duplicate key\nDETAIL: ..."}]}
    }
