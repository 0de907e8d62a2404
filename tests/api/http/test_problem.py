"""Every refusal is a problem document."""

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
def test_an_address_without_a_route_is_404(path: str, method: str) -> None:
    # This client checks CSRF tokens, and that check would answer in HTML.
    client = Client(enforce_csrf_checks=True)
    refused(getattr(client, method)(path), 404, "not_found")


@pytest.mark.parametrize("number", ["987654321", "0", "9" * 30])
def test_an_unknown_id_is_404(client: APIClient, number: str) -> None:
    refused(client.get(f"/api/v1/images/{number}/"), 404, "not_found")


def test_a_method_that_a_route_does_not_have_is_405(client: APIClient) -> None:
    answer = client.delete("/api/v1/images/")
    refused(answer, 405, "method_not_allowed")
    assert "GET" in answer["Allow"]
    refused(client.put(UNKNOWN, {}), 405, "method_not_allowed")


def test_a_request_without_a_token_is_401() -> None:
    answer = APIClient().get("/api/v1/images/")
    refused(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_client_that_accepts_only_html_gets_json(client: APIClient) -> None:
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
def test_an_unsupported_content_type_is_415(
    client: APIClient, shared_image: int, route: Route
) -> None:
    path = f"/api/v1/{route.template.format(pk=shared_image)}"
    for content_type in ("text/plain", "application/xml", "", "nonsense"):
        answer = client.generic(route.method.upper(), path, b"hello", content_type=content_type)
        refused(answer, 415, "unsupported_media_type")


@pytest.fixture
def shared_image(client: APIClient, upload: Callable[..., dict[str, Any]]) -> int:
    return int(upload(client)["id"])


class BrokenOff(io.RawIOBase):
    """The input of a request whose client disconnects in the middle of the body."""

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
def test_an_incomplete_body_is_400(
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


def test_a_whole_number_may_be_written_with_a_point(client: APIClient, shared_image: int) -> None:
    """JSON has one kind of number; a client in another language may write it so."""
    path = f"/api/v1/images/{shared_image}/transform/plan/"

    def body(number: str) -> str:
        step = f'{{"operation": "resize", "params": {{"width": {number}}}}}'
        return f'{{"transformations": [{step}], "quality": 8e1}}'

    for number in ("40", "40.0", "4e1"):
        answer = client.post(path, body(number), content_type="application/json")
        assert (answer.status_code, answer.json()["width"]) == (200, 40), answer.content
    for number in ("40.5", "true", '"40"', "1e300", "-0.0"):
        answer = client.post(path, body(number), content_type="application/json")
        refused(answer, 400, "invalid_pipeline", "/transformations/0/params/width")


def test_json_of_a_moderate_depth_is_not_malformed(client: APIClient, shared_image: int) -> None:
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


def test_json_of_3_megabytes_is_refused(client: APIClient, shared_image: int) -> None:
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
def test_json_that_is_not_an_object_is_refused(
    client: APIClient, shared_image: int, body: bytes
) -> None:
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
def test_malformed_multipart_is_refused(client: APIClient, content_type: str, body: bytes) -> None:
    answer = client.generic("POST", "/api/v1/images/upload/", body, content_type=content_type)
    assert answer.status_code == 400, answer.content
    refused(answer, 400, answer.json()["code"])


def test_too_many_form_fields_are_refused(client: APIClient) -> None:
    form = {f"field{number}": "x" for number in range(1001)}
    refused(client.post("/api/v1/images/upload/", form, format="multipart"), 400, "malformed_body")


def test_a_form_field_of_3_megabytes_is_refused(client: APIClient) -> None:
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
def test_an_unknown_host_name_is_400(settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = APIClient().get("/api/v1/operations/", HTTP_HOST="evil.example")
    refused(answer, 400, "bad_request")


@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_address_is_404_with_and_without_debug(settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    refused(APIClient().get("/api/v1/nothing/"), 404, "not_found")


def test_a_problem_also_has_the_fields_of_django_rest_framework(client: APIClient) -> None:
    form = {"email": "not an address", "password": ""}
    body = refused(
        APIClient().post("/api/v1/auth/registration/", form), 400, "invalid_input", "/email"
    )
    assert isinstance(body["email"], list)
    assert isinstance(body["email"][0], str)
    assert body["detail"].startswith("email: ")
    login = APIClient().post("/api/v1/auth/login/", {"username": "nobody", "password": "wrong"})
    assert refused(login, 400, "invalid_input")["non_field_errors"]


def test_an_unknown_field_does_not_replace_a_member_of_the_problem(
    client: APIClient, shared_image: int
) -> None:
    unknown = dict.fromkeys((*MEMBERS, "errors"), 1)
    answer = client.patch(f"/api/v1/images/{shared_image}/", unknown)
    body = refused(answer, 400, "invalid_input", "/status")
    assert len(body["errors"]) == len(unknown)


def test_names_of_unknown_fields_are_escaped_and_truncated(
    client: APIClient, shared_image: int
) -> None:
    name = "a/b~c" + "x" * 100_000
    for send, path, code in (
        (client.patch, f"/api/v1/images/{shared_image}/", "invalid_input"),
        (client.post, f"/api/v1/images/{shared_image}/transform/", "invalid_pipeline"),
    ):
        body = refused(send(path, {name: 1}), 400, code)
        pointer = body["errors"][0]["pointer"]
        assert pointer.startswith("/a~1b~0c")
        assert len(json.dumps(body)) < 2000


def test_a_problem_lists_only_some_of_ten_thousand_unknown_fields(
    client: APIClient, shared_image: int
) -> None:
    fields = {f"field{number}": 1 for number in range(10_000)}
    for send, path, code in (
        (client.patch, f"/api/v1/images/{shared_image}/", "invalid_input"),
        (client.post, f"/api/v1/images/{shared_image}/transform/", "invalid_pipeline"),
    ):
        answer = send(path, fields)
        refused(answer, 400, code)
        assert len(answer.content) < 20_000


@pytest.mark.django_db(transaction=True)
def test_an_unavailable_database_is_503(member: Callable[..., APIClient]) -> None:
    client = member()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
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
def test_a_lost_database_connection_is_503_once(
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


def test_every_status_has_a_title() -> None:
    for status in (400, 404, 413, 422, 429, 500, 507):
        assert problem.document(status, "x", "y", request_id=None)["title"]
