"""Clients that speak HTTP to the running service."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.stack.service import Service


@pytest.fixture
def sign_up(service: Service) -> Iterator[Callable[[], httpx.Client]]:
    """Register someone; a client that is signed in as them."""
    clients: list[httpx.Client] = []

    def register() -> httpx.Client:
        email = f"{uuid.uuid4().hex}@example.com"
        answer = httpx.post(
            f"{service.url}/api/v1/auth/registration/",
            json={"email": email, "password": "a-long-pass-phrase-7"},
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        clients.append(httpx.Client(base_url=f"{service.url}/api/v1", headers=headers, timeout=90))
        return clients[-1]

    yield register
    for client in clients:
        client.close()


@pytest.fixture
def client(sign_up: Callable[[], httpx.Client]) -> httpx.Client:
    return sign_up()
