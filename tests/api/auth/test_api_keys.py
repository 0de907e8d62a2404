"""API keys: made, listed, deleted, and what a program gets in by."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.access import api_keys
from accounts.models import ApiKey
from tests.api.problems import refused

KEYS = "/api/v1/auth/api-keys/"
IMAGES = "/api/v1/images/"


@pytest.fixture
def me(ann: Any, client_of: Any) -> APIClient:
    """Ann, signed in."""
    return client_of(ann)


def make(client: APIClient, **body: Any) -> dict[str, Any]:
    answer = client.post(KEYS, {"name": "backup", "scopes": ["*"], **body})
    assert answer.status_code == 201, answer.content
    return answer.json()


def program(key: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {key}")
    return client


def test_a_key_is_shown_once(me: APIClient) -> None:
    answer = me.post(KEYS, {"name": "backup", "scopes": ["tasks", "images:read", "tasks"]})
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "private, no-store"
    body = answer.json()
    assert re.fullmatch(r"ips_[0-9a-f]{16}_[0-9a-f]{64}", body["key"])
    assert body["key"].startswith(body["prefix"] + "_")
    assert body["scopes"] == ["images:read", "tasks"]
    assert body["last_used_at"] is None
    assert body["expires_at"] is None
    shown = me.get(answer["Location"])
    assert shown.json() == {n: v for n, v in body.items() if n not in ("key", "detail")}
    assert me.get(KEYS).json()["results"] == [shown.json()]


def test_only_a_digest_is_kept(me: APIClient) -> None:
    secret = make(me)["key"].rpartition("_")[2]
    row = ApiKey.objects.values().get()
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in repr(row)


def test_a_program_gets_in_as_the_owner(me: APIClient, upload: Any) -> None:
    image = upload(me)
    answer = program(make(me)["key"]).get(IMAGES)
    assert [row["id"] for row in answer.json()["results"]] == [image["id"]]


@pytest.mark.parametrize("scheme", ["Api-Key", "api-key", "API-KEY"])
def test_the_scheme_in_any_case(me: APIClient, scheme: str) -> None:
    key = make(me)["key"]
    assert APIClient().get(IMAGES, HTTP_AUTHORIZATION=f"{scheme} {key}").status_code == 200


def test_a_key_needs_no_origin_and_goes_before_cookies(me: APIClient, browser: APIClient) -> None:
    header = {"HTTP_AUTHORIZATION": f"Api-Key {make(me)['key']}"}
    foreign = {"HTTP_ORIGIN": "http://evil.example"}
    path = f"{IMAGES}1/"
    refused(browser.delete(path, **foreign), 403, "origin_not_allowed")
    refused(browser.delete(path, **foreign, **header), 404, "not_found")


WRONG = {
    "nothing": lambda key: "",
    "nonsense": lambda key: "nonsense",
    "cut": lambda key: key[:-1],
    "longer": lambda key: key + "0",
    "another secret": lambda key: key[:-64] + "0" * 64,
    "another id": lambda key: "ips_" + "0" * 16 + key[20:],
    "the prefix": lambda key: key[:20],
    "upper case": lambda key: key.upper(),
    "line break": lambda key: key + "\n0",
    "other digits": lambda key: key[:-1] + "٣",
    "two": lambda key: f"{key} {key}",
    "long": lambda key: key * 50,
    "the digest": lambda key: key[:21] + hashlib.sha256(key[21:].encode()).hexdigest(),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_key_is_401(me: APIClient, name: str) -> None:
    answer = program(WRONG[name](make(me)["key"])).get(IMAGES)
    refused(answer, 401, "token_invalid")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_key_does_not_tell_whether_its_id_exists(me: APIClient) -> None:
    key = make(me)["key"]
    told = [program(WRONG[n](key)).get(IMAGES).json() for n in ("another secret", "another id")]
    assert told[0]["detail"] == told[1]["detail"]


def test_a_deleted_key_is_401(me: APIClient) -> None:
    made = make(me)
    other = make(me)
    assert me.delete(f"{KEYS}{made['id']}/").status_code == 204
    body = refused(program(made["key"]).get(IMAGES), 401, "token_invalid")
    assert "deleted" in body["detail"]
    refused(me.get(f"{KEYS}{made['id']}/"), 404, "not_found")
    assert program(other["key"]).get(IMAGES).status_code == 200


def test_an_expired_key_is_401(me: APIClient) -> None:
    moment = timezone.now() + timedelta(hours=1)
    made = make(me, expires_at=moment.isoformat())
    assert program(made["key"]).get(IMAGES).status_code == 200
    past = timezone.now() - timedelta(seconds=1)
    ApiKey.objects.update(expires_at=past)
    body = refused(program(made["key"]).get(IMAGES), 401, "token_invalid")
    assert past.isoformat() in body["detail"]


def test_a_key_of_a_closed_account_is_401(me: APIClient, ann: Any) -> None:
    key = make(me)["key"]
    ann.is_active = False
    ann.save()
    refused(program(key).get(IMAGES), 401, "token_invalid")


def test_keys_go_with_the_account(me: APIClient, password: str) -> None:
    key = make(me)["key"]
    assert me.delete("/api/v1/auth/user/", {"password": password}).status_code == 204
    refused(program(key).get(IMAGES), 401, "token_invalid")
    assert ApiKey.objects.count() == 0


def test_keys_outlive_a_new_password(me: APIClient, password: str) -> None:
    key = make(me)["key"]
    body = {
        "old_password": password,
        "new_password1": "a new horse",
        "new_password2": "a new horse",
    }
    assert me.post("/api/v1/auth/password/change/", body).status_code == 200
    assert program(key).get(IMAGES).status_code == 200


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"name": ""}, "/name"),
    "long name": ({"name": "x" * 101}, "/name"),
    "null name": ({"name": None}, "/name"),
    "no scopes": ({"scopes": []}, "/scopes"),
    "unknown scope": ({"scopes": ["images:read", "admin"]}, "/scopes/1"),
    "scopes no list": ({"scopes": "tasks"}, "/scopes"),
    "past": ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
    "no time": ({"expires_at": "soon"}, "/expires_at"),
    "unknown field": ({"key": "mine"}, "/key"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_key_cannot_be(me: APIClient, name: str) -> None:
    change, pointer = REFUSED[name]
    body = {"name": "backup", "scopes": ["*"], **change}
    refused(me.post(KEYS, body), 400, "invalid_input", pointer)
    assert ApiKey.objects.count() == 0


def test_required_fields(me: APIClient) -> None:
    body = refused(me.post(KEYS, {}), 400, "invalid_input")
    assert {error["pointer"] for error in body["errors"]} == {"/name", "/scopes"}


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_than_the_limit(ann: Any, client_of: Any, at_once: Any) -> None:
    free = 4
    with transaction.atomic():
        for _ in range(api_keys.MAX_PER_USER - free):
            api_keys.create(ann.pk, name="x", scopes=["*"])
    body = {"name": "one more", "scopes": ["*"]}
    answers = at_once(12, lambda number: client_of(ann).post(KEYS, body))
    assert sorted(answer.status_code for answer in answers) == [201] * free + [409] * (12 - free)
    said = refused(client_of(ann).post(KEYS, body), 409, "too_many_api_keys")
    assert (said["limit"], said["actual"]) == (api_keys.MAX_PER_USER, api_keys.MAX_PER_USER)
    assert ApiKey.objects.count() == api_keys.MAX_PER_USER


def test_a_request_by_key_costs_one_query_and_notes_its_use_rarely(me: APIClient) -> None:
    client = program(make(me)["key"])

    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            refused(client.get(f"{IMAGES}1/"), 404, "not_found")
        statements = [each["sql"] for each in queries]
        assert sum("SELECT" in sql and "accounts_apikey" in sql for sql in statements) == 1
        return [sql for sql in statements if not sql.startswith("SELECT")]

    assert len(writes()) == 1
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    assert writes() == writes() == []
    old = first - api_keys.USE_RECORDED_EVERY
    ApiKey.objects.update(last_used_at=old)
    assert len(writes()) == 1
    assert ApiKey.objects.get().last_used_at > old


@pytest.mark.django_db(transaction=True)
def test_of_many_uses_at_once_one_is_noted(ann: Any, at_once: Any) -> None:
    with transaction.atomic():
        _, key = api_keys.create(ann.pk, name="x", scopes=["*"])

    def row_version() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin::text::bigint FROM accounts_apikey")
            return cursor.fetchone()[0]

    assert {each.status_code for each in at_once(8, lambda n: program(key).get(IMAGES))} == {200}
    version = row_version()
    assert {each.status_code for each in at_once(8, lambda n: program(key).get(IMAGES))} == {200}
    assert row_version() == version


def test_a_stale_delete_is_412(me: APIClient) -> None:
    made = make(me)
    path = f"{KEYS}{made['id']}/"
    etag = me.get(path)["ETag"]
    assert me.get(path, HTTP_IF_NONE_MATCH=etag).status_code == 304
    program(made["key"]).get(IMAGES)
    refused(me.delete(path, HTTP_IF_MATCH=etag), 412, "precondition_failed")
    assert me.delete(path, HTTP_IF_MATCH=me.get(path)["ETag"]).status_code == 204


def test_requests_by_key_count_as_the_user_s(me: APIClient, settings: Any) -> None:
    settings.RATE_LIMITS = True
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "user": "3/day"}
    keys = [make(me)["key"] for _ in range(2)]
    assert program(keys[0]).get(IMAGES).status_code == 200
    refused(program(keys[1]).get(IMAGES), 429, "rate_limited")
