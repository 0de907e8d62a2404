"""What receivers get, verified by an independent library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient
from standardwebhooks.webhooks import WebhookVerificationError

from image_processor import tasks
from outbox import events
from outbox.models import Event
from tests.api.problems import refused
from tests.builders import rows
from tests.servers.receiver import Receiver
from tests.webhooks.conftest import (
    HOOKS,
    list_deliveries,
)
from webhooks.delivery import deliveries
from webhooks.models import Delivery, Webhook

ALL = ("task.succeeded", "task.failed", "batch.finished")


def test_a_task_s_end_arrives_signed(
    client: APIClient,
    user: Any,
    hook: dict[str, Any],
    receiver: Receiver,
    send_due: Callable[[], int],
) -> None:
    task = rows.task(rows.image(user))
    tasks.work(task.queue)
    assert events.drain() == 1
    assert send_due() == 1
    (message,) = receiver.messages
    shown = client.get(f"/api/v1/tasks/{task.pk}/").json()
    assert message.verified(hook["secret"]) == {
        "type": "task.succeeded",
        "timestamp": message.content["timestamp"],
        "data": {
            "task": task.pk,
            "status": "SUCCESS",
            "original_image": task.original_image_id,
            "result_image": shown["result_image"],
        },
    }
    assert message.headers["content-type"] == "application/json"
    assert message.path == "/hook"
    (delivery,) = list_deliveries(client, hook)
    assert delivery["webhook_id"] == message.id
    assert delivery["message"] == message.content
    assert delivery["event"] == "task.succeeded"
    assert (delivery["status"], delivery["next_attempt_at"]) == ("SUCCESS", None)
    (attempt,) = delivery["attempts"]
    assert (attempt["status"], attempt["error_code"]) == (204, None)
    assert attempt["milliseconds"] >= 0


def test_a_failed_task_says_why(
    user: Any,
    hook: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
) -> None:
    task = rows.task(rows.image(user))
    happen("task.failed", task=task.pk, code="worker_lost")
    send_due()
    assert receiver.messages[0].verified(hook["secret"])["data"] == {
        "task": task.pk,
        "status": "FAILED",
        "original_image": task.original_image_id,
        "result_image": None,
        "error_code": "worker_lost",
    }


def test_each_webhook_hears_what_it_chose(
    client: APIClient,
    receiver: Receiver,
    subscribe: Callable[..., dict[str, Any]],
    happen: Callable[..., None],
    send_due: Callable[[], int],
    client_of: Any,
    make_user: Any,
) -> None:
    subscribe(client, receiver.url("/failed"), "task.failed")
    subscribe(client, receiver.url("/batches"), "batch.finished")
    subscribe(client, receiver.url("/all"), *ALL)
    subscribe(client_of(make_user()), receiver.url("/stranger"), *ALL)
    happen("batch.finished", batch=7, total=3, succeeded=2, failed=1, cancelled=0)
    assert send_due() == 2
    assert sorted(message.path for message in receiver.messages) == ["/all", "/batches"]
    assert receiver.messages[0].content["data"]["succeeded"] == 2
    assert len({message.id for message in receiver.messages}) == 2


def test_an_event_that_is_handled_twice_is_sent_once(
    user: Any, batches: dict[str, Any], happen: Callable[..., None], send_due: Callable[[], int]
) -> None:
    happen()
    deliveries.deliver_event(Event.objects.get())
    assert Delivery.objects.count() == 1
    assert send_due() == 1


def test_of_a_deleted_task_nothing_is_told(
    hook: dict[str, Any], happen: Callable[..., None], send_due: Callable[[], int]
) -> None:
    happen("task.failed", task=987_654_321, code="x")
    assert Event.objects.filter(due_at=None).count() == 1
    assert send_due() == 0


def test_a_test_message(
    client: APIClient, hook: dict[str, Any], receiver: Receiver, send_due: Callable[[], int]
) -> None:
    answer = client.post(f"{HOOKS}{hook['id']}/test/")
    assert answer.status_code == 201
    send_due()
    message = receiver.messages[0].verified(hook["secret"])
    assert (message["type"], message["data"]) == ("webhook.test", {"webhook": hook["id"]})
    assert client.get(answer["Location"]).json()["status"] == "SUCCESS"


def test_after_a_rotation_both_secrets_sign_for_a_day(
    client: APIClient, hook: dict[str, Any], receiver: Receiver, send_due: Callable[[], int]
) -> None:
    path = f"{HOOKS}{hook['id']}/"
    answer = client.post(f"{path}rotate-secret/")
    assert answer["Cache-Control"] == "private, no-store"
    new = answer.json()["secret"]
    assert new != hook["secret"]
    client.post(f"{path}test/")
    send_due()
    message = receiver.messages[-1]
    assert message.verified(new) == message.verified(hook["secret"])
    row = Webhook.objects.get()
    over = (timezone.now() - timedelta(seconds=1)).isoformat()
    Webhook.objects.update(old_secrets=[[secret, over] for secret, _ in row.old_secrets])
    client.post(f"{path}test/")
    send_due()
    message = receiver.messages[-1]
    assert message.verified(new)
    with pytest.raises(WebhookVerificationError):
        message.verified(hook["secret"])


def test_secrets_are_not_rotated_without_end(client: APIClient, hook: dict[str, Any]) -> None:
    path = f"{HOOKS}{hook['id']}/rotate-secret/"
    for _ in range(4):
        assert client.post(path).status_code == 200
    assert refused(client.post(path), 409, "too_many_rotations")["limit"] == 4
