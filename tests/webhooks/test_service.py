"""The whole service tells a receiver of a real task, also when its worker is killed meanwhile."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from threading import Event

import pytest

from tests.builders import pictures
from tests.scripts.processes import until
from tests.servers.receiver import Receiver
from tests.stack.service import SOMEWHERE, Service, register_client, submit, upload

pytestmark = pytest.mark.stack


@pytest.fixture
def receiver(service: Service) -> Iterator[Receiver]:
    started = Receiver(at=(SOMEWHERE, service.outside))
    yield started
    started.close()


def test_a_task_s_end_is_told(service: Service, receiver: Receiver) -> None:
    with register_client(service) as client:
        form = {"url": receiver.url(), "events": ["task.succeeded"]}
        hook = client.post("/webhooks/", json=form).json()
        image = upload(client, pictures.jpeg())
        flip = [{"operation": "flip", "params": {}}]
        task = submit(client, image, flip)
        until(lambda: receiver.messages, "the message")
        data = receiver.messages[0].verified(hook["secret"])["data"]
        assert (data["task"], data["status"]) == (task, "SUCCESS")
        assert client.get(f"/images/transformed/{data['result_image']}/").status_code == 200

        # The worker is killed while the receiver thinks.
        answering, killed = Event(), Event()

        def think(connection: socket.socket) -> None:
            answering.set()
            killed.wait(30)

        receiver.answers = [think]
        delivery = client.post(f"/webhooks/{hook['id']}/test/").json()
        assert answering.wait(30)
        os.kill(service.worker("system").main[0], signal.SIGKILL)
        killed.set()
        row = "SELECT status, attempts FROM webhooks_delivery WHERE id = %s"
        assert service.query(row, delivery["id"]) == [("IN_PROGRESS", 1)]
        over = "UPDATE webhooks_delivery SET available_at = now() WHERE id = %s"  # its lease
        service.query(over, delivery["id"])
        until(lambda: len(receiver.messages) == 3, "the message once more")
        first, again = receiver.messages[1:]
        assert first.id == again.id == delivery["webhook_id"]
        assert again.verified(hook["secret"]) == first.verified(hook["secret"])
        until(lambda: service.query(row, delivery["id"]) == [("SUCCESS", 2)], "the delivery's end")
