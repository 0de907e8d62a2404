"""Every refusal is a problem document, whatever went wrong and wherever."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from api.http import problem
from tests.api.problems import MEMBERS, refused
from tests.api.routes import Route, routes

UNKNOWN = "/api/v1/images/987654321/"


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/nothing", "/api/v2/images/", "/api/"])
def test_an_address_without_a_route(path: str, method: str) -> None:
    # With the check that a browser's forms get, which answers in HTML.
    client = Client(enforce_csrf_checks=True)
    refused(getattr(client, method)(path), 404, "not_found")


@pytest.mark.parametrize("number", ["987654321", "0", "9" * 30])
def test_an_unknown_id(client: APIClient, number: str) -> None:
    refused(client.get(f"/api/v1/images/{number}/"), 404, "not_found")


def test_a_method_that_a_route_does_not_have(client: APIClient) -> None:
    answer = client.delete("/api/v1/images/")
    refused(answer, 405, "method_not_allowed")
    assert "GET" in answer["Allow"]
    refused(client.put(UNKNOWN, {}), 405, "method_not_allowed")


def test_without_a_token() -> None:
    answer = APIClient().get("/api/v1/images/")
    refused(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_html_is_not_answered_even_if_asked_for(client: APIClient) -> None:
    refused(client.get(UNKNOWN, HTTP_ACCEPT="text/html"), 404, "not_found")
    assert client.get("/api/v1/images/", HTTP_ACCEPT="image/png").status_code == 200


WITH_BODY = [route for route in routes() if route.method in ("post", "put", "patch")]
BODILESS = {
    "task-cancel",
    "task-retry",
    "tasks-retry-failed",
    "batch-cancel",
    "batch-retry-failed",
    "direct-upload-complete",
    "webhook-redeliver",
    "webhook-rotate-secret",
    "webhook-test",
    "image-analyze",
    "payments-create",
    "payments-confirm",
    "payments-webhook",
}


@pytest.mark.parametrize(
    "route", [route for route in WITH_BODY if route.name not in BODILESS], ids=str
)
def test_a_body_of_another_type(client: APIClient, shared_image: int, route: Route) -> None:
    path = f"/api/v1/{route.template.format(pk=shared_image)}"
    for content_type in ("text/plain", "application/xml", "", "nonsense"):
        answer = client.generic(route.method.upper(), path, b"hello", content_type=content_type)
        refused(answer, 415, "unsupported_media_type")


@pytest.fixture
def shared_image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> int:
    return int(upload(client)["id"])


class BrokenOff(io.RawIOBase):
    """What a web server hands on when a client is gone in the middle of its body."""

    def read(self, size: int | None = -1) -> bytes:
        raise ConnectionResetError

    readline = read


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("images/{}/transform/", "application/json"),
        ("images/upload/", "multipart/form-data; boundary=x"),
        ("auth/login/", "application/json"),
    ],
)
def test_a_body_that_breaks_off_is_no_fault_of_ours(
    client: APIClient, shared_image: int, path: str, content_type: str
) -> None:
    environ: Any = {"wsgi.input": BrokenOff(), "CONTENT_LENGTH": "1000"}
    path = f"/api/v1/{path.format(shared_image)}"
    answer = client.generic("POST", path, content_type=content_type, **environ)
    refused(answer, 400, "body_incomplete")


DEEP = b"[" * 200_000
MALFORMED = {
    "nothing but a word": b"hello",
    "cut off": b'{"transformations": [{"operation"',
    "two values": b"{} {}",
    "not UTF-8": b'{"transformations": "\xff\xfe"}',
    "UTF-16": '{"format": "jpeg"}'.encode("utf-16"),
    "NaN": b'{"quality": NaN}',
    "Infinity": b'{"quality": -Infinity}',
    "beyond a float": b'{"quality": 1e999}',
    "a number of 5,000 digits": b'{"quality": ' + b"9" * 5000 + b"}",
    "a lone surrogate": rb'{"format": "\ud800"}',
    "a lone surrogate in a name": rb'{"\udfff": 1}',
    "NUL": rb'{"format": "\u0000"}',
    "NUL in a name": rb'{"a\u0000b": 1}',
    "200,000 open brackets": DEEP,
    "200,000 nested lists": DEEP + b"]" * 200_000,
    "200,000 nested objects": b'{"a":' * 200_000,
    "nested as deep as Python itself": b'{"mode": ' + b"[" * 900 + b"]" * 900 + b"}",
    "101 lists": b'{"mode": ' + b"[" * 100 + b"]" * 100 + b"}",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_json(client: APIClient, shared_image: int, body: bytes) -> None:
    for send, path in (
        (client.post, f"/api/v1/images/{shared_image}/transform/"),
        (client.patch, f"/api/v1/images/{shared_image}/"),
        (APIClient().post, "/api/v1/auth/login/"),
    ):
        refused(send(path, body, content_type="application/json"), 400, "malformed_body")


def test_depth_that_is_sane_is_no_malformed_json(client: APIClient, shared_image: int) -> None:
    body = b'{"mode": ' + b"[" * 99 + b"]" * 99 + b"}"
    path = f"/api/v1/images/{shared_image}/transform/"
    answer = client.post(path, body, content_type="application/json")
    refused(answer, 400, "invalid_pipeline", "/mode")


def test_brackets_within_text_are_not_depth(client: APIClient, shared_image: int) -> None:
    body = {"description": '["' * 2000 + "\\"}
    assert (
        client.patch(f"/api/v1/images/{shared_image}/", body).json()["description"]
        == (body["description"])
    )


def test_json_of_3_megabytes(client: APIClient, shared_image: int) -> None:
    body = json.dumps({"description": "x" * 3_000_000}).encode()
    for send, path in (
        (client.post, f"/api/v1/images/{shared_image}/transform/"),
        (client.patch, f"/api/v1/images/{shared_image}/"),
        (APIClient().post, "/api/v1/auth/login/"),
    ):
        answer = send(path, body, content_type="application/json; charset=bz2_codec")
        found = refused(answer, 413, "body_too_large")
        assert found["limit"] == 2 * 1024 * 1024


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null", b"true"])
def test_json_that_is_no_object(client: APIClient, shared_image: int, body: bytes) -> None:
    for send, path in (
        (client.post, f"/api/v1/images/{shared_image}/transform/"),
        (client.patch, f"/api/v1/images/{shared_image}/"),
        (APIClient().post, "/api/v1/auth/login/"),
        (APIClient().post, "/api/v1/auth/registration/"),
    ):
        answer = send(path, body, content_type="application/json")
        assert answer.status_code == 400, (path, answer.content)
        refused(answer, 400, answer.json()["code"])


MULTIPART = {
    "no boundary": ("multipart/form-data", b"--x--"),
    "a boundary that is not used": ("multipart/form-data; boundary=x", b"hello"),
    "cut off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nabc',
    ),
    "a bad boundary": ("multipart/form-data; boundary=" + "\xe9" * 3, b"hello"),
    "base64 that is none": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n@@@\r\n--x--\r\n",
    ),
}


@pytest.mark.parametrize(("content_type", "body"), MULTIPART.values(), ids=MULTIPART.keys())
def test_malformed_multipart(client: APIClient, content_type: str, body: bytes) -> None:
    answer = client.generic("POST", "/api/v1/images/upload/", body, content_type=content_type)
    assert answer.status_code == 400, answer.content
    refused(answer, 400, answer.json()["code"])


def test_a_thousand_form_fields_too_many(client: APIClient) -> None:
    form = {f"field{number}": "x" for number in range(1001)}
    refused(client.post("/api/v1/images/upload/", form, format="multipart"), 400, "malformed_body")


def test_a_form_field_of_3_megabytes(client: APIClient) -> None:
    form = {"description": "x" * 3_000_000}
    refused(client.post("/api/v1/images/upload/", form, format="multipart"), 413, "body_too_large")


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("where", ["view", "answer", "plain"])
def test_a_bug_is_500_without_a_trace(settings: Any, where: str, debug: bool) -> None:
    settings.ROOT_URLCONF = "tests.api.broken_urls"
    settings.DEBUG = debug
    client = APIClient(raise_request_exception=False)
    answer = client.get(f"/api/v1/broken/{where}/", HTTP_X_REQUEST_ID="abc-123")
    body = refused(answer, 500, "internal_error")
    assert body["request_id"] == "abc-123"
    assert "secret" not in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


@pytest.mark.parametrize("debug", [True, False])
def test_a_foreign_host_name(settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = APIClient().get("/api/v1/operations/", HTTP_HOST="evil.example")
    refused(answer, 400, "bad_request")


@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_address_while_debugging(settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    refused(APIClient().get("/api/v1/nothing/"), 404, "not_found")


def test_the_form_of_django_rest_framework_rides_along(client: APIClient) -> None:
    form = {"email": "not an address", "password": ""}
    body = refused(
        APIClient().post("/api/v1/auth/registration/", form), 400, "invalid_input", "/email"
    )
    assert isinstance(body["email"], list)
    assert isinstance(body["email"][0], str)
    assert body["detail"].startswith("email: ")
    login = APIClient().post("/api/v1/auth/login/", {"username": "nobody", "password": "wrong"})
    assert refused(login, 400, "invalid_input")["non_field_errors"]


def test_a_field_called_like_a_member_does_not_replace_it(
    client: APIClient, shared_image: int
) -> None:
    unknown = dict.fromkeys((*MEMBERS, "errors"), 1)
    answer = client.patch(f"/api/v1/images/{shared_image}/", unknown)
    body = refused(answer, 400, "invalid_input", "/status")
    assert len(body["errors"]) == len(unknown)


def test_names_of_unknown_fields_are_escaped_and_cut(client: APIClient, shared_image: int) -> None:
    name = "a/b~c" + "x" * 100_000
    for send, path, code in (
        (client.patch, f"/api/v1/images/{shared_image}/", "invalid_input"),
        (client.post, f"/api/v1/images/{shared_image}/transform/", "invalid_pipeline"),
    ):
        body = refused(send(path, {name: 1}), 400, code)
        pointer = body["errors"][0]["pointer"]
        assert pointer.startswith("/a~1b~0c")
        assert len(json.dumps(body)) < 2000


def test_ten_thousand_unknown_fields_are_not_all_told(client: APIClient, shared_image: int) -> None:
    fields = {f"field{number}": 1 for number in range(10_000)}
    for send, path, code in (
        (client.patch, f"/api/v1/images/{shared_image}/", "invalid_input"),
        (client.post, f"/api/v1/images/{shared_image}/transform/", "invalid_pipeline"),
    ):
        answer = send(path, fields)
        refused(answer, 400, code)
        assert len(answer.content) < 20_000


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_503(member: Callable[..., APIClient]) -> None:
    client = member()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        real = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
        connection.close()
        connection.settings_dict.update(HOST="127.0.0.1", PORT=taken.getsockname()[1])
        try:
            for answer in (
                client.get("/api/v1/images/"),
                client.delete("/api/v1/tasks/1/"),
                APIClient().post("/api/v1/auth/login/", {"email": "a@b.com", "password": "x"}),
            ):
                body = refused(answer, 503, "database_unavailable")
                assert answer["Retry-After"]
                assert "127.0.0.1" not in body["detail"]
        finally:
            connection.settings_dict.update(real)
    assert client.get("/api/v1/images/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_503_once(
    client: APIClient, shared_image: int, django_db_blocker: Any
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy("other")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    finally:
        other.close()
    path = f"/api/v1/images/{shared_image}/"
    refused(client.get(path), 503, "database_unavailable")
    assert client.get(path).status_code == 200


def test_a_title_for_each_status() -> None:
    for status in (400, 404, 413, 422, 429, 500, 507):
        assert problem.document(status, "x", "y", request_id=None)["title"]
