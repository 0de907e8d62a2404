"""HTTP clients of the running service."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.stack.service import Service, register_client


@pytest.fixture
def sign_up(service: Service) -> Iterator[Callable[[], httpx.Client]]:
    """Register a new account and return a client that is signed in."""
    clients: list[httpx.Client] = []

    def register() -> httpx.Client:
        clients.append(register_client(service))
        return clients[-1]

    yield register
    for client in clients:
        client.close()


@pytest.fixture
def client(sign_up: Callable[[], httpx.Client]) -> httpx.Client:
    return sign_up()
