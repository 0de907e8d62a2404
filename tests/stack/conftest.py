"""The whole service, started as an operator starts it, and clients that speak HTTP to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.stack.service import Service, signed_up


@pytest.fixture
def sign_up(service: Service) -> Iterator[Callable[[], httpx.Client]]:
    """Register someone; a client that is signed in as them."""
    clients: list[httpx.Client] = []

    def register() -> httpx.Client:
        clients.append(signed_up(service))
        return clients[-1]

    yield register
    for client in clients:
        client.close()


@pytest.fixture
def client(sign_up: Callable[[], httpx.Client]) -> httpx.Client:
    return sign_up()
