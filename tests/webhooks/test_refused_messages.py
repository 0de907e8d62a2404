"""What happens to messages that a receiver does not accept."""

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

from tests.api.problems import refused
from tests.servers.raw_http import redirect
from tests.servers.receiver import Receiver, status
from tests.webhooks.conftest import (
    HOOKS,
    held_in_seconds,
    list_deliveries,
    pass_time,
    pause_in_seconds,
)
from webhooks.delivery import retrying, sending
from webhooks.models import Delivery, Webhook


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
