"""People, their clients, and many requests at once."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from rest_framework.test import APIClient

from accounts.models import User
from tests.servers import mailroom
from utils import messages, rate_counts

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as ever, but with the least memory and time it can do with."""
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def ann(db: None) -> User:
    return User.objects.create_user("ann", "ann@example.com", PASSWORD)


@pytest.fixture
def api() -> APIClient:
    """A program: keeps cookies, sends no Origin."""
    return APIClient()


@pytest.fixture
def sign_in(api: APIClient) -> Callable[..., dict[str, Any]]:
    """Sign ann in; the answer's body. The cookies stay out, so that the body is what counts."""

    def call(login: str = "ann", secret: str = PASSWORD) -> dict[str, Any]:
        response = APIClient().post("/api/v1/auth/login/", {"username": login, "password": secret})
        assert response.status_code == 200, response.content
        return response.json()

    return call


@pytest.fixture
def bearer() -> Callable[[str], APIClient]:
    """A program that sends this access token."""

    def client(token: str) -> APIClient:
        made = APIClient()
        made.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return made

    return client


@pytest.fixture
def browser(ann: User) -> APIClient:
    """Ann's browser, signed in: cookies, and the Origin of the page."""
    client = APIClient(HTTP_ORIGIN="http://testserver")
    response = client.post(
        "/api/v1/auth/login/", {"email": ann.email, "password": PASSWORD}, HTTP_X_AUTH_MODE="cookie"
    )
    assert response.status_code == 200, response.content
    return client


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    """Does the worker's part; the mails sent so far."""
    monkeypatch.setattr(messages, "_paused_until", 0.0)
    for _ in mailroom.messages():  # left by other tests
        pass
    return mailroom.delivered


class Clock:
    """The time by which rates are counted; it starts at a full hour and stands still."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(rate_counts, "time", SimpleNamespace(time=made.time))
    return made
