"""Forged, stolen and altered tokens, cookies and links."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest

from tests.api.auth.test_authentication import unsigned
from tests.builders import pictures
from tests.hostile.answers import refused
from tests.stack.service import Service, register_client, upload

# The tests sign with algorithms that warn about the length of the service's key.
pytestmark = [
    pytest.mark.stack,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

PASSWORD = "a-long-pass-phrase-7"
Claims = dict[str, Any]

FORGED: dict[str, tuple[Callable[[Claims, str], str], str]] = {
    "expired": (
        lambda claims, key: jwt.encode({**claims, "exp": int(time.time()) - 1}, key, "HS256"),
        "token_expired",
    ),
    "unsigned": (lambda claims, key: unsigned(claims, "HS256"), "token_invalid"),
    "alg none": (lambda claims, key: unsigned(claims, "none"), "token_invalid"),
    "another key": (lambda claims, key: jwt.encode(claims, "k" * 64, "HS256"), "token_invalid"),
    "another algorithm": (lambda claims, key: jwt.encode(claims, key, "HS512"), "token_invalid"),
    "another user's": (
        lambda claims, key: jwt.encode({**claims, "user_id": "1"}, key, "HS256"),
        "session_revoked",
    ),
    "nonsense": (lambda claims, key: "a.b.c", "token_invalid"),
}


def token_of(client: httpx.Client) -> str:
    return client.headers["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize(("forge", "code"), FORGED.values(), ids=FORGED.keys())
def test_a_forged_token(
    service: Service, client: httpx.Client, forge: Callable[[Claims, str], str], code: str
) -> None:
    key = service.environment()["DJANGO_SECRET_KEY"]
    claims = jwt.decode(token_of(client), key, ["HS256"])
    good = {"Authorization": f"Bearer {jwt.encode(claims, key, 'HS256')}"}
    assert httpx.get(f"{service.url}/api/v1/images/", headers=good).status_code == 200
    token = forge(claims, key)
    for sent in ({"headers": {"Authorization": f"Bearer {token}"}}, {"cookies": {"access": token}}):
        refused(httpx.get(f"{service.url}/api/v1/images/", **sent), 401, code)


def test_a_refresh_token_is_no_access_token(service: Service) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    form = {"email": email, "password": PASSWORD}
    session = httpx.post(f"{service.url}/api/v1/auth/registration/", json=form).json()
    headers = {"Authorization": f"Bearer {session['refresh_token']}"}
    refused(httpx.get(f"{service.url}/api/v1/images/", headers=headers), 401, "token_invalid")
    answer = httpx.post(
        f"{service.url}/api/v1/token/refresh/", json={"refresh": session["access_token"]}
    )
    refused(answer, 401, "token_invalid")


def test_a_token_of_a_deleted_user(service: Service) -> None:
    with register_client(service) as gone:
        answer = gone.request("DELETE", "/auth/user/", json={"password": PASSWORD})
        assert answer.status_code == 204
        refused(gone.get("/images/"), 401, "session_revoked")


def test_cookies_from_a_foreign_page(service: Service, client: httpx.Client) -> None:
    image = upload(client, pictures.jpeg())
    path = f"{service.url}/api/v1/images/{image}/"
    cookies = {"access": token_of(client)}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://evil.example/"},
        {},
    ):
        answer = httpx.delete(path, cookies=cookies, headers=headers)
        refused(answer, 403, "origin_not_allowed")
    assert httpx.get(path, cookies=cookies).status_code == 200
    own = httpx.delete(path, cookies=cookies, headers={"Origin": service.url})
    assert own.status_code == 204


def test_an_altered_link(client: httpx.Client) -> None:
    link = client.get(f"/images/{upload(client, pictures.jpeg(seed=3))}/").json()["file"]
    assert httpx.get(link).status_code == 200
    start, _, signature = link.rpartition(":")
    for forged in (f"{start}:{signature.swapcase()}", f"{start[:-1]}:{signature}", start):
        refused(httpx.get(forged), 403, "link_invalid")
