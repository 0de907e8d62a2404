"""Deliveries as jobs: who wakes whom, and how many run at a time in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app

from image_processor import maintenance
from image_processor.jobs import runner
from tests.servers.receiver import Receiver
from utils.messages import count_waiting
from webhooks.delivery.job import DeliveryJobType
from webhooks.models import QUEUE, Delivery


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    def purge() -> None:
        with current_app.connection_for_write() as connection:
            connection.default_channel.queue_purge("system")

    purge()
    yield
    purge()


@pytest.fixture
def batches(
    client: Any, receiver: Receiver, subscribe: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    """A webhook that subscribes to batches."""
    return subscribe(client, receiver.url(), "batch.finished")


def test_without_a_free_slot_it_waits_for_one(
    batches: dict[str, Any], happen: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    happen()
    monkeypatch.setattr(DeliveryJobType.slots, "limit", 0)
    assert runner.run_round(QUEUE.name) == 0
    assert Delivery.objects.get().status == "PENDING"


def test_a_slot_that_becomes_free_wakes_the_next(
    batches: dict[str, Any], happen: Callable[..., None]
) -> None:
    happen()
    happen()
    assert runner.run_round(QUEUE.name) == 2
    assert count_waiting("system") == 1
    assert runner.run_round(QUEUE.name) == 0
    assert count_waiting("system") == 1


def test_the_top_up_sends_no_more_wake_ups_than_there_are_slots(
    batches: dict[str, Any], happen: Callable[..., None]
) -> None:
    for _ in range(6):
        happen()
    assert count_waiting("system") == 0  # nothing was committed
    maintenance.top_up_queues()
    assert count_waiting("system") == QUEUE.wakeups == 4
