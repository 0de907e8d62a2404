"""Waiting for a job: told at its end, few queries, never too many callers."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from image_processor.jobs import waiting
from image_processor.jobs.model import Status
from image_processor.jobs.waiting import Waiter
from image_processor.models import TransformationTask
from tests.builders import rows
from tests.scripts.processes import until
from tests.threads import await_end

LONG = 60.0  # seconds that no test here spends


@pytest.fixture
def task(transactional_db: None, django_user_model: Any) -> TransformationTask:
    owner = django_user_model.objects.create_user("waiter", "waiter@example.com", "x")
    return rows.task(rows.image(owner))


def in_thread(waiter: Waiter, pk: int, seconds: float, answers: list[bool]) -> threading.Thread:
    def call() -> None:
        try:
            answers.append(waiter.wait(pk, seconds))
        finally:
            connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    return thread


def until_waiting(waiter: Waiter, callers: int) -> None:
    until(lambda: waiter._callers >= callers, f"{callers} callers who wait", pause=0.001)


@pytest.mark.parametrize("end", ["finished", "deleted"])
def test_everyone_who_waits_is_told_at_the_end(task: TransformationTask, end: str) -> None:
    waiter, answers = Waiter(TransformationTask), list[bool]()
    threads = [in_thread(waiter, task.pk, LONG, answers) for _ in range(2)]
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
    assert Waiter(TransformationTask).wait(task.pk, 0.01) is True
    assert TransformationTask.objects.get().status == Status.PENDING


def test_one_caller_too_many_is_told_at_once(task: TransformationTask, settings: Any) -> None:
    settings.MAX_WAITING_REQUESTS = 1
    waiter, answers = Waiter(TransformationTask), list[bool]()
    thread = in_thread(waiter, task.pk, LONG, answers)
    until_waiting(waiter, 1)
    assert waiter.wait(task.pk, LONG) is False
    TransformationTask.objects.update(status=Status.FAILED)
    await_end(thread)
    assert answers == [True]


def test_a_caller_who_has_gone_away_leaves_the_place(task: TransformationTask) -> None:
    waiter = Waiter(TransformationTask)
    assert waiter.wait(task.pk, 10_000, is_gone=lambda: True) is True
    assert waiter._callers == 0
    assert not waiter._waiting


def test_the_caller_holds_no_database_connection(
    task: TransformationTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    wait = threading.Event.wait

    def looking(self: threading.Event, timeout: float | None = None) -> bool:
        if timeout == waiting.PRESENCE_SECONDS:
            held.append(connection.connection is not None)
            TransformationTask.objects.update(status=Status.SUCCESS)
        return wait(self, timeout)

    monkeypatch.setattr(threading.Event, "wait", looking)
    Waiter(TransformationTask).wait(task.pk, LONG)
    assert held == [False]


def test_many_waiting_cost_one_query_a_poll(
    task: TransformationTask, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAX_WAITING_REQUESTS = 10
    waiter, answers = Waiter(TransformationTask), list[bool]()
    asked: list[list[int]] = []
    announce = Waiter._announce

    def counting(self: Waiter, awaited: list[int]) -> None:
        asked.append(awaited)
        announce(self, awaited)

    monkeypatch.setattr(Waiter, "_announce", counting)
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0.01)
    threads = [in_thread(waiter, task.pk, LONG, answers) for _ in range(5)]
    until_waiting(waiter, 5)
    TransformationTask.objects.update(status=Status.SUCCESS)
    for thread in threads:
        await_end(thread)
    assert answers == [True] * 5
    assert asked
    assert all(awaited == [task.pk] for awaited in asked)
