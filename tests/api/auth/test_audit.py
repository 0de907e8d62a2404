"""The audit lines of the log: who did what from where, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import RefreshFamily, User
from tests.audit_lines import AuditLines, captured

V1 = "/api/v1/auth"
NEW = {"new_password1": "s3cret new", "new_password2": "s3cret new"}


@pytest.fixture
def lines() -> Iterator[AuditLines]:
    with captured() as audit:
        yield audit


def post(path: str, body: dict[str, Any], client: APIClient | None = None, **headers: Any) -> Any:
    return (client or APIClient()).post(f"/api/v1/{path}", body, **headers)


def test_a_line_says_who_where_and_in_which_request(
    lines: AuditLines, ann: User, password: str
) -> None:
    post("auth/login/", {"username": "ann", "password": password}, HTTP_X_REQUEST_ID="abc-1")
    line = lines.only("login")
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "login",
        "level": "info",
        "logger": "audit",
        "user_id": ann.pk,
        "address": "127.0.0.1",
        "request_id": "abc-1",
    }


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "192.0.2.7"), (2, "198.51.100.3")]
)
def test_the_address_is_what_the_proxies_vouch_for(
    lines: AuditLines, ann: User, settings: Any, proxies: int, address: str
) -> None:
    settings.NUM_PROXIES = proxies
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    forwarded = "203.0.113.66, 198.51.100.3, 192.0.2.7"
    post("auth/login/", {"username": "ann", "password": "x"}, HTTP_X_FORWARDED_FOR=forwarded)
    line = lines.only("login_failed")
    assert line["address"] == address
    assert "203.0.113.66" not in lines.text


def test_failed_sign_ins_and_the_lock(
    lines: AuditLines, ann: User, password: str, settings: Any
) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    for secret in ("s3cret wrong", "s3cret wrong", password):
        post("auth/login/", {"username": "ann", "password": secret})
    post("token/", {"username": "s3cret typed", "password": "s3cret"})
    told = [(line["event"], line["user_id"], line["level"]) for line in lines()]
    assert told == [
        ("login_failed", ann.pk, "warning"),
        ("locked_out", ann.pk, "warning"),
        ("locked_out", ann.pk, "warning"),
        ("login_failed", None, "warning"),
    ]
    assert "s3cret" not in lines.text
    assert password not in lines.text


@pytest.mark.django_db(transaction=True)
def test_from_registration_to_the_end_of_an_account(
    lines: AuditLines,
    settings: Any,
    db: None,
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    body = {"email": "bob@example.com", "password": "s3cret horse"}
    pair = post("auth/registration/", body).json()
    bob = User.objects.get(email="bob@example.com")
    me = APIClient()
    me.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access_token']}")
    me.post(f"{V1}/password/change/", {"old_password": "s3cret horse", **NEW})
    me.patch(f"{V1}/user/", {"email": "robert@example.com", "password": "s3cret new"})
    bob.refresh_from_db()
    other = post("token/", {"email": bob.email, "password": "s3cret new"}).json()
    key = me.post(f"{V1}/api-keys/", {"name": "backup", "scopes": ["tasks"]}).json()
    assert me.delete(f"{V1}/api-keys/{key['id']}/").status_code == 204
    post("auth/logout/", {"refresh": other["refresh"]})
    post("auth/logout/", {"refresh": other["refresh"]})  # ended already: no line
    assert me.delete(f"{V1}/user/", {"password": "s3cret new"}).status_code == 204
    assert [(line["event"], line["user_id"]) for line in lines()] == [
        ("registration", bob.pk),
        ("password_changed", bob.pk),
        ("email_change_requested", bob.pk),
        ("login", bob.pk),
        ("api_key_created", bob.pk),
        ("api_key_deleted", bob.pk),
        ("logout", bob.pk),
        ("account_deleted", bob.pk),
    ]
    for secret in (
        "s3cret",
        "bob@",
        "robert@",
        pair["access_token"],
        other["refresh"],
        other["access"],
        key["key"][21:],
    ):
        assert secret not in lines.text


def test_a_forgotten_password(
    lines: AuditLines, ann: User, outbox: Callable[[], list[Any]]
) -> None:
    post("auth/password/reset/", {"email": ann.email}, HTTP_X_REQUEST_ID="abc-2")
    asked = lines.only("password_reset_requested")
    assert (asked["user_id"], asked["request_id"]) == (None, "abc-2")
    [link] = re.findall(r"https?://\S+/reset\?\S+", outbox()[0].body)
    proof = {name: value[0] for name, value in parse_qs(urlsplit(link).query).items()}
    post("auth/password/reset/confirm/", {**proof, **NEW})
    assert lines.only("password_reset")["user_id"] == ann.pk
    for secret in ("s3cret", ann.email, proof["token"], link):
        assert secret not in lines.text


def test_a_copied_refresh_token(
    lines: AuditLines, ann: User, sign_in: Callable[..., dict[str, Any]]
) -> None:
    first = sign_in()["refresh_token"]
    second = post("token/refresh/", {"refresh": first}).json()["refresh"]
    post("token/refresh/", {"refresh": second})
    assert post("token/refresh/", {"refresh": first}).json()["code"] == "session_revoked"
    line = lines.only("refresh_token_reused")
    assert (line["user_id"], line["level"]) == (ann.pk, "warning")
    assert line["family"] == str(RefreshFamily.objects.get().pk)
    assert first not in lines.text


@pytest.fixture
def root(db: None, password: str) -> User:
    return User.objects.create_superuser("root", "root@example.com", password)


@pytest.mark.django_db(transaction=True)
def test_the_admin(
    lines: AuditLines,
    ann: User,
    root: User,
    password: str,
) -> None:
    client = Client()
    client.post("/admin/login/", {"username": "root", "password": "s3cret wrong"})
    client.post("/admin/login/", {"username": "root", "password": password})
    client.get("/admin/accounts/user/")
    client.post(f"/admin/accounts/user/{ann.pk}/change/", {"username": ""})  # refused: no line
    client.post(
        "/admin/accounts/user/", {"action": "end_sessions", "_selected_action": [str(ann.pk)]}
    )
    client.post(f"/admin/accounts/user/{ann.pk}/delete/", {"post": "yes"})
    client.post("/admin/logout/")
    client.post("/admin/accounts/user/", {"action": "end_sessions", "_selected_action": ["1"]})
    assert [(line["event"], line["user_id"]) for line in lines()] == [
        ("login_failed", root.pk),
        ("admin_login", root.pk),
        ("admin_change", root.pk),
        ("account_deleted", ann.pk),
        ("admin_change", root.pk),
        ("admin_logout", root.pk),
    ]
    changes = [line for line in lines() if line["event"] == "admin_change"]
    assert [(line["path"], line["action"], line["ids"]) for line in changes] == [
        ("/admin/accounts/user/", "end_sessions", [str(ann.pk)]),
        (f"/admin/accounts/user/{ann.pk}/delete/", None, []),
    ]
    assert changes[1]["request_id"] == lines.only("account_deleted")["request_id"]
    assert "s3cret" not in lines.text
    assert password not in lines.text
