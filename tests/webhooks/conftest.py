"""Receivers on 127.0.0.1 that may be reached, and doing the worker's part."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from rest_framework.test import APIClient

from image_processor.jobs import runner
from image_processor.jobs.model import Status
from outbox import events
from tests.servers.receiver import Receiver
from webhooks.models import QUEUE, Delivery, Webhook

HOOKS = "/api/v1/webhooks/"


@pytest.fixture
def receiving(settings: Any) -> Iterator[Callable[..., Receiver]]:
    """Start a receiver; deliveries may go there."""
    settings.OUTBOUND_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    started: list[Receiver] = []

    def start(*answers: Any) -> Receiver:
        started.append(Receiver(*answers))
        settings.OUTBOUND_ALLOWED_PORTS = [*settings.OUTBOUND_ALLOWED_PORTS, started[-1].port]
        return started[-1]

    yield start
    for receiver in started:
        receiver.close()


@pytest.fixture
def receiver(receiving: Callable[..., Receiver]) -> Receiver:
    return receiving()


@pytest.fixture
def subscribe() -> Callable[..., dict[str, Any]]:
    """Create a webhook by HTTP; the answer's body, with the secret."""

    def send(client: APIClient, url: str, *kinds: str, **more: Any) -> dict[str, Any]:
        form = {"url": url, "events": kinds or ["task.succeeded", "task.failed"], **more}
        answer = client.post(HOOKS, form)
        assert answer.status_code == 201, answer.content
        return answer.json()

    return send


@pytest.fixture
def hook(
    client: APIClient, receiver: Receiver, subscribe: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    """A webhook of `user` that `receiver` stands behind."""
    return subscribe(client, receiver.url())


@pytest.fixture
def happen(user: Any) -> Callable[..., None]:
    """Let something happen to `user`, and its handlers run."""

    def record(kind: str = "batch.finished", **payload: Any) -> None:
        events.record(kind, user.pk, **(payload or {"batch": 7}))
        events.drain()

    return record


@pytest.fixture
def send_due() -> Callable[[], int]:
    """Send what is due until nothing is left; how many attempts that took."""

    def send() -> int:
        count = 0
        while runner.run_next(QUEUE.name):
            count += 1
        return count

    return send


def pass_time(**time: float) -> None:
    """Let so much of the database's time pass for what waits."""
    waiting = Delivery.objects.filter(status__in=(Status.PENDING, Status.IN_PROGRESS))
    for delivery in waiting:
        assert delivery.available_at is not None
        moved = delivery.available_at - timedelta(**time)
        Delivery.objects.filter(pk=delivery.pk).update(available_at=moved)
    held = Webhook.objects.exclude(held_until=None)
    held.update(held_until=F("held_until") - timedelta(**time))


def pause_in_seconds(delivery: Delivery) -> float:
    """How long it was put off by its last attempt."""
    assert delivery.available_at is not None
    return (delivery.available_at - delivery.updated_at).total_seconds()


def held_in_seconds(webhook: Webhook) -> float:
    """How long the first failure keeps all deliveries of a webhook waiting."""
    assert webhook.held_until is not None
    assert webhook.failing_since is not None
    return (webhook.held_until - webhook.failing_since).total_seconds()


def list_deliveries(client: APIClient, hook: dict[str, Any]) -> list[dict[str, Any]]:
    return client.get(f"{HOOKS}{hook['id']}/deliveries/").json()["results"]


@pytest.fixture
def batches(client: APIClient, hook: dict[str, Any]) -> dict[str, Any]:
    """Subscribe the webhook to ends of batches only."""
    client.patch(f"{HOOKS}{hook['id']}/", {"events": ["batch.finished"]})
    return hook
