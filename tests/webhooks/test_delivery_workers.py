"""Deliveries whose workers die, come late, or serve several owners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from image_processor import maintenance
from image_processor.jobs import runner
from image_processor.jobs.claim import claim
from outbox import events
from tests.servers.receiver import Receiver, status
from tests.webhooks.conftest import (
    pass_time,
)
from webhooks.delivery import sending
from webhooks.delivery.job import DeliveryJobType
from webhooks.models import QUEUE, Delivery, Webhook


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
