"""The service imports a picture, even when its worker is killed during the download."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from threading import Event
from typing import Any

import httpx
import pytest

from tests.builders import pictures
from tests.scripts.processes import until
from tests.servers.raw_http import Server, ok
from tests.stack.service import SOMEWHERE, Service, register_client

pytestmark = pytest.mark.stack

DATA = pictures.jpeg(300, 200)


class Source:
    """A server with a picture. Its first request waits until `killed`."""

    def __init__(self, port: int) -> None:
        self.requested, self.killed = Event(), Event()
        self.server = Server(self._answer, at=(SOMEWHERE, port))

    def _answer(self, connection: socket.socket) -> None:
        if not self.killed.is_set():
            self.requested.set()
            self.killed.wait(60)
        connection.sendall(ok(DATA))


@pytest.fixture
def source(service: Service) -> Iterator[Source]:
    started = Source(service.outside)
    yield started
    started.killed.set()
    started.server.close()


def test_a_worker_is_killed_while_it_fetches(service: Service, source: Source) -> None:
    with register_client(service) as client:
        answer = client.post("/images/import/", json={"url": source.server.url("/sea.jpg")})
        assert answer.status_code == 202, answer.text
        image = answer.json()["id"]
        assert source.requested.wait(60)
        os.kill(service.worker("import").main[0], signal.SIGKILL)
        source.killed.set()
        row = "SELECT status, attempts FROM image_processor_imageimport WHERE image_id = %s"
        assert service.query(row, image) == [("IN_PROGRESS", 1)]
        over = "UPDATE image_processor_imageimport SET available_at = now() WHERE image_id = %s"
        service.query(over, image)  # its lease
        until(lambda: get_image(client, image)["status"] == "ready", "the picture")
        assert service.query(row, image) == [("SUCCESS", 2)]
        assert client.get(f"/images/{image}/original/").content == DATA
        events = "SELECT kind FROM outbox_event WHERE payload @> %s"
        assert service.query(events, f'{{"image": {image}}}') == [("image.uploaded",)]


def get_image(client: httpx.Client, image: int) -> dict[str, Any]:
    return dict(client.get(f"/images/{image}/").json())
