"""Remote servers on 127.0.0.1, and imports from them."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from rest_framework.test import APIClient

from image_processor import tasks
from image_processor.models import ImageImport
from tests.servers.raw_http import Behave, Server

IMPORT = "/api/v1/images/import/"
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


@pytest.fixture
def serve(settings: Any) -> Iterator[Callable[..., Server]]:
    """Start a server that gives these answers in order and repeats the last one.

    An answer is bytes, or does as it likes with the connection. Its port may be asked; its
    address only with `reachable`.
    """
    servers: list[Server] = []

    def start(*answers: bytes | Behave) -> Server:
        left = list(answers)

        def behave(connection: socket.socket) -> None:
            answer = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(connection)

        servers.append(Server(behave))
        settings.OUTBOUND_ALLOWED_PORTS = [*settings.OUTBOUND_ALLOWED_PORTS, servers[-1].port]
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def reachable(settings: Any) -> None:
    """Allow imports from 127.0.0.1, as an operator allows a private network."""
    settings.OUTBOUND_ALLOWED_NETWORKS = [LOOPBACK]


@pytest.fixture
def ask() -> Callable[..., dict[str, Any]]:
    """Request an import; return the image."""

    def send(client: APIClient, url: str, **body: Any) -> dict[str, Any]:
        answer = client.post(IMPORT, {"url": url, **body})
        assert answer.status_code == 202, answer.content
        return answer.json()

    return send


@pytest.fixture
def import_due() -> Callable[[], int]:
    """Run imports as a worker does until none is due; return the number of attempts."""

    def run() -> int:
        count = 0
        while ImageImport.objects.filter(available_at__lte=Now()).exists():
            tasks.work("import")
            count += 1
        return count

    return run


def pass_time(**time: float) -> None:
    """Make waiting imports due this much earlier."""
    waiting = ImageImport.objects.exclude(available_at=None)
    waiting.update(available_at=F("available_at") - timedelta(**time))


def shown(client: APIClient, image: dict[str, Any]) -> dict[str, Any]:
    """The current state of the image."""
    answer = client.get(f"/api/v1/images/{image['id']}/")
    assert answer.status_code == 200
    return dict(answer.json())


def outcome(client: APIClient, image: dict[str, Any]) -> tuple[str, str | None]:
    """(status, error code)."""
    now = shown(client, image)
    return now["status"], now["error_code"]
