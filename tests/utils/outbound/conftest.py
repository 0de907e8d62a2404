"""Servers on 127.0.0.1, and clients that may reach them."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.servers.raw_http import Behave, Server
from utils.outbound import Client

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start a server; it answers with the given bytes, or as a function does."""
    servers: list[Server] = []

    def start(answer: bytes | Behave, **options: Any) -> Server:
        def send(connection: socket.socket) -> None:
            assert isinstance(answer, bytes)
            connection.sendall(answer)

        servers.append(Server(send if isinstance(answer, bytes) else answer, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """A client that may reach these servers on 127.0.0.1."""

    def make(*servers: Server, names: dict[str, list[str]] | None = None, **options: Any) -> Client:
        known = names or {}
        options.setdefault("networks", LOOPBACK)
        options.setdefault("resolve", lambda host: known[host])
        return Client(ports=[80, 443, *(server.port for server in servers)], **options)

    return make
