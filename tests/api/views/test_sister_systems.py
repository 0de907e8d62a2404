"""Every address in the documents of the five sister systems works under that name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from image_processor import tasks as worker
from tests.api.problems import refused
from tests.builders import pictures
from tests.builders.shared import shared_rows

# The documents 001 and 003 name no address.
ENDPOINTS = [
    # 000, below `/api`
    ("000", "POST", "/auth/registration/"),
    ("000", "POST", "/auth/login/"),
    ("000", "POST", "/auth/logout/"),
    ("000", "GET", "/auth/user/"),
    ("000", "PUT", "/auth/user/"),
    ("000", "PATCH", "/auth/user/"),
    ("000", "POST", "/auth/password/reset/"),
    ("000", "POST", "/token/refresh/"),
    ("000", "POST", "/token/verify/"),
    ("000", "POST", "/images/upload/"),
    ("000", "GET", "/images/"),
    ("000", "GET", "/images/<id>/"),
    ("000", "GET", "/images/transformed/"),
    ("000", "GET", "/images/transformed/<id>/"),
    ("000", "POST", "/images/<id>/transform/"),
    ("000", "GET", "/tasks/"),
    ("000", "GET", "/tasks/<id>/"),
    # 002, whose addresses have no slash at the end
    ("002", "POST", "/auth/register"),
    ("002", "POST", "/auth/login"),
    ("002", "POST", "/auth/refresh"),
    ("002", "GET", "/users/me"),
    ("002", "PUT", "/users/me"),
    ("002", "POST", "/users/me/change-password"),
    ("002", "POST", "/images/transform"),
    ("002", "GET", "/images"),
    ("002", "GET", "/images/<id>"),
    ("002", "GET", "/images/<id>/original"),
    ("002", "GET", "/images/<id>/processed"),
    ("002", "DELETE", "/images/<id>"),
    ("002", "POST", "/payments/create"),
    ("002", "POST", "/payments/confirm"),
    ("002", "POST", "/payments/webhook"),
    # 004
    ("004", "POST", "/auth/register/"),
    ("004", "POST", "/auth/login/"),
    ("004", "POST", "/auth/token/refresh/"),
    ("004", "POST", "/auth/logout/"),
    ("004", "GET", "/user/info/"),
    ("004", "POST", "/images/upload/"),
    ("004", "GET", "/images/"),
    ("004", "GET", "/images/status/<id>/"),
    ("004", "GET", "/images/<id>/"),
    ("004", "DELETE", "/images/<id>/"),
]
SISTERS = {"002", "004"}
PASSWORD = "a-long-pass-phrase-7"
ANN = {"email": "ann@example.com", "password": PASSWORD}
NEW = {"email": "new@example.com", "password": PASSWORD, "full_name": "Ada King Lovelace"}
SMALL = [{"operation": "resize", "params": {"width": 20}}]


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Argon2 use its least memory and time."""
    for name, value in (("time_cost", 1), ("memory_cost", 64), ("parallelism", 1)):
        monkeypatch.setattr(Argon2PasswordHasher, name, value)


class Person:
    """A user who registered through a sister system's route, with an image and its result."""

    def __init__(self) -> None:
        answer = APIClient().post("/api/auth/register", ANN)
        assert answer.status_code == 201, answer.content
        self.tokens = answer.json()
        self.client = self.signed_in()
        form = {"file": self.photo(), "transformations": json.dumps(SMALL)}
        task = self.client.post("/api/images/transform", form, format="multipart").json()
        worker.work("light")
        self.task: dict[str, Any] = self.client.get(f"/api/tasks/{task['id']}/").json()
        self.image = self.task["original_image"]

    def signed_in(self) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.tokens['access_token']}")
        return client

    @staticmethod
    def photo() -> SimpleUploadedFile:
        return SimpleUploadedFile("photo.jpg", pictures.jpeg())

    def send(self, method: str, path: str) -> Any:
        """Send a valid request to an endpoint, as its document spells it."""
        below = path.rstrip("/").removeprefix("/")
        pk = self.image
        if below.startswith("images/transformed/"):
            pk = self.task["result_image"]
        elif below.startswith("tasks/"):
            pk = self.task["id"]
        call = getattr(self.client, method.lower())
        body = self.body(method, below)
        is_form = below in ("images/upload", "images/transform")
        kind = "multipart" if is_form else "json"
        address = f"/api{path.replace('<id>', str(pk))}"
        return call(address) if body is None else call(address, body, format=kind)

    def body(self, method: str, below: str) -> dict[str, Any] | None:
        if method in ("GET", "DELETE"):
            return None
        return {
            "auth/registration": {**ANN, "email": "new@example.com"},
            "auth/register": NEW,
            "auth/login": ANN,
            "auth/logout": {"refresh_token": self.tokens["refresh_token"]},
            "auth/user": {"first_name": "Ann"},
            "auth/password/reset": {"email": "ann@example.com"},
            "token/refresh": {"refresh": self.tokens["refresh_token"]},
            "auth/refresh": {"refresh": self.tokens["refresh_token"]},
            "auth/token/refresh": {"refresh": self.tokens["refresh_token"]},
            "token/verify": {"token": self.tokens["access_token"]},
            "users/me": {"full_name": "Ann Lee"},
            "users/me/change-password": {
                "old_password": PASSWORD,
                "new_password1": "another-pass-phrase-7",
                "new_password2": "another-pass-phrase-7",
            },
            "images/upload": {"file": self.photo()},
            "images/transform": {"file": self.photo(), "style": "CARTOON", "params": "{}"},
            "images/<id>/transform": {"transformations": SMALL, "format": "jpeg"},
            "payments/create": {"transformed_image": self.task["result_image"]},
            "payments/confirm": {"id": 1},
            "payments/webhook": {"type": "payment.succeeded"},
        }[below]


@pytest.fixture(scope="module")
def ann(django_db_setup: None, django_db_blocker: Any) -> Iterator[Person]:
    """One person for all tests. Each test rolls back its changes."""
    with shared_rows(django_db_blocker):
        yield Person()


@pytest.fixture
def person(db: None, ann: Person) -> Person:
    ann.client = ann.signed_in()
    return ann


@pytest.mark.parametrize(
    ("document", "method", "path"), ENDPOINTS, ids=[" ".join(each) for each in ENDPOINTS]
)
def test_every_endpoint_answers_under_its_documented_name(
    person: Person, document: str, method: str, path: str
) -> None:
    answer = person.send(method, path)
    if path.startswith("/payments/"):
        refused(answer, 409, "payments_not_configured")
        return
    assert answer.status_code in (200, 201, 204), answer
    if answer.streaming:
        assert pictures.opened(b"".join(answer.streaming_content)).format == "JPEG"
    shows_user = path.rstrip("/") in ("/auth/register", "/users/me", "/user/info")
    if document in SISTERS and shows_user:
        body = answer.json()
        user = body.get("user", body)
        assert user["is_admin"] is False
        assert isinstance(user["full_name"], str)


def test_requests_in_the_words_of_document_002(person: Person) -> None:
    client = person.client
    form = {"image": person.photo(), "style": "SKETCH", "params": ""}
    assert client.post("/api/images/transform", form, format="multipart").status_code == 201
    query = f"/api/auth/refresh?refresh_token={person.tokens['refresh_token']}"
    assert APIClient().post(query).json()["token_type"] == "Bearer"
    path, new = "/api/users/me/change-password", "another-pass-phrase-7"
    wrong = {"current_password": "wrong", "new_password": new}
    refused(client.post(path, wrong), 400, "invalid_input", "/current_password")
    short = {"current_password": PASSWORD, "new_password": "7"}
    body = refused(client.post(path, short), 400, "invalid_input", "/new_password")
    assert {error["pointer"] for error in body["errors"]} == {"/new_password"}
    change = {"current_password": PASSWORD, "new_password": new}
    assert client.post(path, change).status_code == 200
    assert APIClient().post("/api/auth/login", {**ANN, "password": new}).status_code == 200


def test_a_token_in_the_address_is_for_one_alias_only(person: Person) -> None:
    query = f"/api/token/refresh/?refresh_token={person.tokens['refresh_token']}"
    refused(APIClient().post(query), 401, "not_authenticated")


def test_a_token_in_the_address_is_not_logged(person: Person, caplog: Any) -> None:
    token = person.tokens["refresh_token"]
    with caplog.at_level("INFO"):
        APIClient().post(f"/api/auth/refresh/?refresh_token={token}")
    assert "/api/auth/refresh/" in caplog.text
    assert token not in caplog.text


def test_the_openapi_document_describes_every_endpoint(document: dict[str, Any]) -> None:
    paths = document["paths"]
    for system, method, path in ENDPOINTS:
        described = f"/api/v1{path.rstrip('/')}/".replace("<id>", "{id}")
        assert method.lower() in paths[described], (system, method, path)
    text = paths["/api/v1/users/me/"]["get"]["description"]
    assert "Another name of `auth/user/`" in text


# --- Users as the sister systems show them


def test_a_full_name_sets_first_and_last_name(person: Person) -> None:
    client = person.client
    assert client.get("/api/users/me").json()["full_name"] == ""
    shown = client.put("/api/users/me", {"full_name": "Ada King Lovelace"}).json()
    assert (shown["first_name"], shown["last_name"]) == ("Ada", "King Lovelace")
    assert shown["full_name"] == "Ada King Lovelace"
    assert client.get("/api/user/info").json() == shown
    assert client.put("/api/users/me", shown).json() == shown
    shown = client.patch("/api/users/me", {**shown, "first_name": "Augusta"}).json()
    assert shown["full_name"] == "Augusta King Lovelace"
    assert client.patch("/api/users/me", {"full_name": ""}).json()["last_name"] == ""


@pytest.mark.parametrize(
    "body",
    [
        {"full_name": "x" * 151},
        {"full_name": "a " + "x" * 151},
        {"full_name": "x" * 400},
        {"full_name": 7},
        {"full_name": "Ada Lovelace", "first_name": "Augusta"},
    ],
)
def test_an_invalid_full_name_is_refused(person: Person, body: dict[str, Any]) -> None:
    before = person.client.get("/api/users/me").json()
    refused(person.client.put("/api/users/me", body), 400, "invalid_input", "/full_name")
    assert person.client.get("/api/users/me").json() == before


def test_registration_sets_the_full_name(db: None) -> None:
    user = APIClient().post("/api/auth/register", NEW).json()["user"]
    assert (user["first_name"], user["last_name"]) == ("Ada", "King Lovelace")
    assert user["full_name"] == NEW["full_name"]
    bad = {**NEW, "email": "x@example.com", "full_name": "x" * 151}
    refused(APIClient().post("/api/auth/register", bad), 400, "invalid_input", "/full_name")


def test_a_user_cannot_become_an_admin(person: Person) -> None:
    assert person.client.put("/api/users/me", {"is_admin": True}).json()["is_admin"] is False


def test_an_operator_is_an_admin(client_of: Any, make_user: Any) -> None:
    operator = client_of(make_user(is_staff=True))
    assert operator.get("/api/user/info/").json()["is_admin"] is True


def test_the_main_route_shows_users_without_the_fields_of_sister_systems(person: Person) -> None:
    assert not {"full_name", "is_admin"} & person.client.get("/api/auth/user/").json().keys()
    assert "full_name" not in APIClient().post("/api/auth/login/", ANN).json()["user"]


# --- The newest result of an image


def test_processed_is_the_newest_result(person: Person, work_off: Callable[[], None]) -> None:
    path = f"/api/images/{person.image}/"

    def size() -> tuple[int, int]:
        answer = person.client.get(f"{path}processed/")
        return pictures.opened(b"".join(answer.streaming_content)).size

    assert size() == (20, 15)
    bigger = [{"operation": "resize", "params": {"width": 40}}]
    newer = person.client.post(f"{path}transform/", {"transformations": bigger}).json()
    assert size() == (20, 15)
    work_off()
    assert size() == (40, 30)
    person.client.delete(f"/api/tasks/{newer['id']}/")
    assert size() == (20, 15)


def test_processed_without_a_result_is_404(client: APIClient, upload: Any) -> None:
    refused(client.get(f"/api/images/{upload(client)['id']}/processed/"), 404, "not_found")


# --- Routes that are not configured yet


def test_analyses_are_not_configured(person: Person) -> None:
    path = f"/api/images/{person.image}/"
    refused(person.client.post(f"{path}analyze/"), 409, "analysis_not_configured")
    refused(person.client.get(f"{path}analysis/"), 409, "analysis_not_configured")
    refused(person.client.get("/api/images/987654321/analysis/"), 404, "not_found")


@pytest.mark.parametrize("body", ["5", "null", "true", '"old_password"', '["old_password"]'])
def test_a_password_change_that_is_no_object_is_refused(person: Person, body: str) -> None:
    answer = person.client.post(
        "/api/users/me/change-password", body, content_type="application/json"
    )
    assert answer.status_code == 400, answer.content
