"""Waiting for a job: told at its end, few queries, never too many callers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from image_processor.jobs import waiting
from image_processor.jobs.model import Status
from image_processor.jobs.waiting import Waiter
from image_processor.models import TransformationTask
from tests.builders import rows
from tests.scripts.processes import until
from tests.threads import await_end, await_waiters
from utils.slots import Slots

LONG = 60.0  # seconds that no test here spends


@pytest.fixture
def task(transactional_db: None, django_user_model: Any) -> Iterator[TransformationTask]:
    owner = django_user_model.objects.create_user("waiter", "waiter@example.com", "x")
    yield rows.task(rows.image(owner))
    await_waiters()


def new_waiter(limit: int = 2, per_owner: int | None = None) -> Waiter:
    return Waiter(TransformationTask, Slots(limit, per_owner))


def in_thread(waiter: Waiter, task: TransformationTask, answers: list[bool]) -> threading.Thread:
    def call() -> None:
        try:
            with waiter.awaiting(task) as ended:
                answers.append(ended is not None and ended.wait(LONG))
        finally:
            connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    return thread


def until_waiting(waiter: Waiter, callers: int) -> None:
    until(lambda: waiter.slots.in_use >= callers, f"{callers} callers who wait", pause=0.001)


@pytest.mark.parametrize("end", ["finished", "deleted"])
def test_everyone_who_waits_is_told_at_the_end(task: TransformationTask, end: str) -> None:
    waiter, answers = new_waiter(), list[bool]()
    threads = [in_thread(waiter, task, answers) for _ in range(2)]
    until_waiting(waiter, 2)
    if end == "finished":
        TransformationTask.objects.update(status=Status.SUCCESS)
    else:
        task.delete()
    for thread in threads:
        await_end(thread)
    assert answers == [True, True]
    assert not waiter._waiting


def test_the_seconds_pass(task: TransformationTask) -> None:
    with new_waiter().awaiting(task) as ended:
        assert ended is not None
        assert not ended.wait(0.2)  # a few polls


def test_one_caller_too_many_is_told_at_once(task: TransformationTask) -> None:
    waiter, answers = new_waiter(limit=1), list[bool]()
    thread = in_thread(waiter, task, answers)
    until_waiting(waiter, 1)
    with waiter.awaiting(task) as ended:
        assert ended is None
    TransformationTask.objects.update(status=Status.FAILED)
    await_end(thread)
    assert answers == [True]


def test_one_owner_leaves_slots_to_others(task: TransformationTask, django_user_model: Any) -> None:
    other = django_user_model.objects.create_user("other", "other@example.com", "x")
    theirs = rows.task(rows.image(other))
    waiter = new_waiter(limit=2, per_owner=1)
    with (
        waiter.awaiting(task) as first,
        waiter.awaiting(task) as second,
        waiter.awaiting(theirs) as of_another,
    ):
        assert first is not None
        assert second is None
        assert of_another is not None


def test_a_caller_who_stops_waiting_leaves_the_slot(task: TransformationTask) -> None:
    waiter = new_waiter(limit=1)
    for _ in range(2):
        with waiter.awaiting(task) as ended:
            assert ended is not None
    assert waiter.slots.in_use == 0
    assert not waiter._waiting


def test_the_caller_holds_no_database_connection(task: TransformationTask) -> None:
    assert connection.connection is not None
    with new_waiter().awaiting(task):
        assert connection.connection is None


def test_many_waiting_cost_one_query_a_poll(
    task: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiter, answers = new_waiter(limit=10), list[bool]()
    asked: list[list[int]] = []
    announce = Waiter._announce

    def counting(self: Waiter, awaited: list[int]) -> None:
        asked.append(awaited)
        announce(self, awaited)

    monkeypatch.setattr(Waiter, "_announce", counting)
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0.01)
    threads = [in_thread(waiter, task, answers) for _ in range(5)]
    until_waiting(waiter, 5)
    TransformationTask.objects.update(status=Status.SUCCESS)
    for thread in threads:
        await_end(thread)
    assert answers == [True] * 5
    assert asked
    assert all(awaited == [task.pk] for awaited in asked)
