"""What is sent, verified by an independent library; and what becomes of what is not accepted."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient
from standardwebhooks.webhooks import WebhookVerificationError

from image_processor import maintenance, tasks
from image_processor.jobs import runner
from image_processor.jobs.claim import claim
from outbox import events
from outbox.models import Event
from tests.api.problems import refused
from tests.builders import rows
from tests.servers.raw_http import redirect
from tests.servers.receiver import Receiver, status
from tests.webhooks.conftest import HOOKS, held_in_seconds, pass_time, pause_in_seconds
from webhooks.delivery import deliveries, retrying, sending
from webhooks.delivery.job import DeliveryJobType
from webhooks.models import QUEUE, Delivery, Webhook

ALL = ("task.succeeded", "task.failed", "batch.finished")


def list_deliveries(client: APIClient, hook: dict[str, Any]) -> list[dict[str, Any]]:
    return client.get(f"{HOOKS}{hook['id']}/deliveries/").json()["results"]


@pytest.fixture
def batches(client: APIClient, hook: dict[str, Any]) -> dict[str, Any]:
    """The hook, told of batches."""
    client.patch(f"{HOOKS}{hook['id']}/", {"events": ["batch.finished"]})
    return hook


# --- What arrives


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
    assert answer["Cache-Control"] == "no-store"
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


# --- What is not accepted


def test_it_is_tried_again_for_a_day_with_the_same_id(
    client: APIClient,
    batches: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
) -> None:
    receiver.answers = [status(500, body=b"no\0 " + b"x" * 2000)] * 10
    happen()
    pauses = []
    for number in range(1, 10):
        assert send_due() == 1
        delivery = Delivery.objects.get()
        pauses.append(pause_in_seconds(delivery))
        usual = 9 * 3 ** (number - 1)
        assert 0.8 * usual <= pauses[-1] <= 1.2 * usual
        assert (delivery.status, delivery.failures) == ("PENDING", number)
        pass_time(seconds=pauses[-1])
    assert 16 < sum(pauses) / 3600 < 30
    assert send_due() == 1
    (shown,) = list_deliveries(client, batches)
    assert shown["status"] == "FAILED"
    assert len(shown["attempts"]) == 10
    last = shown["attempts"][-1]
    assert (last["status"], last["error_code"]) == (500, "not_accepted")
    assert last["body"].startswith("no\N{REPLACEMENT CHARACTER} xxx")
    assert len(last["body"]) == 500
    assert len({message.id for message in receiver.messages}) == 1
    assert len({message.body for message in receiver.messages}) == 1
    assert all(message.verified(batches["secret"]) for message in receiver.messages)
    assert client.get(f"{HOOKS}{batches['id']}/").json()["failing_since"]
    # By its owner, it is sent once more, as itself.
    again = client.post(f"{HOOKS}deliveries/{shown['id']}/redeliver/")
    assert again.json()["status"] == "PENDING"
    refused(client.post(again.wsgi_request.path), 409, "delivery_unfinished")
    assert send_due() == 1
    assert receiver.messages[-1].id == shown["webhook_id"]
    assert list_deliveries(client, batches)[0]["status"] == "SUCCESS"
    assert client.get(f"{HOOKS}{batches['id']}/").json()["failing_since"] is None


def test_a_redirect_is_not_followed(
    batches: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
) -> None:
    receiver.answers = [redirect("http://127.0.0.1:1/elsewhere")]
    happen()
    assert send_due() == 1
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.tries[0]["status"]) == ("PENDING", 302)
    assert len(receiver.messages) == 1


def test_gone_disables_the_webhook(
    client: APIClient,
    batches: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
) -> None:
    receiver.answers = [status(410)]
    happen()
    happen()
    assert send_due() == 1
    shown = client.get(f"{HOOKS}{batches['id']}/").json()
    assert (shown["enabled"], shown["disabled_reason"]) == (False, "gone")
    assert [each["status"] for each in list_deliveries(client, batches)] == ["CANCELLED", "FAILED"]
    enabled = client.patch(f"{HOOKS}{batches['id']}/", {"enabled": True}).json()
    assert (enabled["disabled_reason"], enabled["failing_since"]) == (None, None)


def test_days_of_failures_disable_the_webhook(
    client: APIClient,
    batches: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
) -> None:
    receiver.answers = [status(500)] * 3
    for days, enabled in ((4, True), (6, False)):
        happen()
        since = timezone.now() - timedelta(days=days)
        Webhook.objects.update(failing_since=since)
        Delivery.objects.update(failures=retrying.ATTEMPTS - 1)
        assert send_due() == 1
        assert client.get(f"{HOOKS}{batches['id']}/").json()["enabled"] is enabled
    assert Webhook.objects.get().disabled_reason == "failing"


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(
    batches: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
    form: str,
) -> None:
    when = format_datetime(timezone.now() + timedelta(seconds=600), usegmt=True)
    receiver.answers = [status(429, f"Retry-After: {600 if form == 'seconds' else when}")]
    happen()
    happen()
    assert send_due() == 1  # the other one waits along
    first, other = Delivery.objects.order_by("pk")
    hook = Webhook.objects.get()
    assert 500 < pause_in_seconds(first) <= 601
    assert 500 < held_in_seconds(hook) < 700
    assert other.available_at == hook.held_until
    happen()
    assert send_due() == 0
    pass_time(seconds=601)
    assert send_due() == 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("9" * 40, 3600),
        ("-5", 0),
        ("soon", 0),
        ("", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 21 Oct 2999 07:28:00 GMT", 3600),
    ],
)
def test_what_a_receiver_may_ask_for(header: str, seconds: float) -> None:
    assert retrying.parse_retry_after(header, timezone.now()) == seconds


def hang(connection: socket.socket) -> None:
    """Say nothing until the other side has gone."""
    while connection.recv(65_536):
        pass


def drip(connection: socket.socket) -> None:
    """Begin an answer that takes for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    until = time.monotonic() + 10
    while time.monotonic() < until:
        connection.sendall(b"x")
        threading.Event().wait(0.05)


@pytest.mark.parametrize("behave", [hang, drip])
def test_a_silent_receiver_is_left_alone_until_it_answers(
    client: APIClient,
    batches: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
    subscribe: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    behave: Any,
) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    receiver.answers = [behave]
    for _ in range(3):
        happen()
    assert send_due() == 1
    first, *others = Delivery.objects.order_by("pk")
    assert first.tries[0]["error_code"] == "remote_timeout"
    assert 0 < pause_in_seconds(first) < 12
    hook = Webhook.objects.get()
    assert 300 <= held_in_seconds(hook) < 400
    assert [each.available_at for each in others] == [hook.held_until] * 2
    happen()
    assert send_due() == 0
    # The first goes ahead; when it is accepted, the others follow at once.
    pass_time(seconds=12)
    assert send_due() == 4
    assert not Delivery.objects.exclude(status="SUCCESS").exists()


def test_one_that_leads_inside_by_now_is_not_reached(
    client: APIClient,
    subscribe: Callable[..., dict[str, Any]],
    receiver: Receiver,
    settings: Any,
    happen: Callable[..., None],
    send_due: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    address = "93.184.216.34"
    usual = socket.getaddrinfo

    def resolver(host: str, *more: Any, **options: Any) -> list[Any]:
        if host != "hooks.example.com":
            return usual(host, *more, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    url = receiver.url(host="hooks.example.com")
    subscribe(client, url, "batch.finished")
    address = "127.0.0.1"
    happen()
    assert send_due() == 1
    (attempt,) = Delivery.objects.get().tries
    assert (attempt["status"], attempt["error_code"]) == (None, "address_forbidden")
    assert address not in attempt["error_message"]
    assert receiver.messages == []


# --- Workers


def test_a_worker_that_dies_leaves_it_to_the_next(
    batches: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
) -> None:
    happen()
    dead = claim(Delivery, QUEUE.name, release=0)
    assert dead is not None
    sending.send(Webhook.objects.get(), dead)  # and there it dies
    assert send_due() == 0
    pass_time(seconds=31)
    assert send_due() == 1
    assert [message.id for message in receiver.messages] == [dead.message_id] * 2
    delivery = Delivery.objects.get()
    assert (delivery.status, len(delivery.tries)) == ("SUCCESS", 1)


def test_a_late_worker_changes_nothing(
    batches: dict[str, Any],
    receiver: Receiver,
    happen: Callable[..., None],
    send_due: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiver.answers = [status(410)]
    happen()
    late = claim(Delivery, QUEUE.name, release=0)
    assert late is not None
    outcome = sending.send(Webhook.objects.get(), late)
    pass_time(seconds=31)
    assert send_due() == 1
    monkeypatch.setattr(sending, "send", lambda *_: outcome)
    runner.run(DeliveryJobType(), late)
    assert Delivery.objects.get().status == "SUCCESS"
    hook = Webhook.objects.get()
    assert (hook.enabled, hook.failing_since) == (True, None)


def test_one_that_kills_every_worker_is_given_up(
    batches: dict[str, Any], happen: Callable[..., None]
) -> None:
    happen()
    for _ in range(3):
        assert claim(Delivery, QUEUE.name, release=0)
        pass_time(seconds=31)
    assert claim(Delivery, QUEUE.name, release=0) is None
    assert maintenance.fail_lost_jobs() == 1
    assert Delivery.objects.get().error_code == "worker_lost"


def test_people_take_turns(
    client: APIClient,
    client_of: Any,
    make_user: Any,
    receiver: Receiver,
    batches: dict[str, Any],
    subscribe: Callable[..., dict[str, Any]],
    happen: Callable[..., None],
    send_due: Callable[[], int],
) -> None:
    for _ in range(20):
        happen()
    other = make_user()
    subscribe(client_of(other), receiver.url("/other"), "batch.finished")
    events.record("batch.finished", other.pk, batch=1)
    events.drain()
    assert send_due() == 21
    assert "/other" in [message.path for message in receiver.messages[:2]]
