"""The rules by which a worker notices that something in it hangs, in numbers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from celery.worker import state

from image_processing_service.celery import app
from image_processing_service.watch import clock
from image_processing_service.watch.clock import RunningTime
from image_processing_service.watch.held_messages import HeldMessages
from image_processing_service.watch.waiting_messages import WaitingMessages
from image_processing_service.watch.worker import WorkerWatch

HANG = 60


class Request:
    """A message as Celery's worker holds it."""

    id, name = "id", "name"

    def __init__(self, limit: int | None = None, child: int = 0) -> None:
        self.time_start: float | None = None
        self.time_limits = (limit, None)
        self.task = SimpleNamespace(time_limit=120)
        self.worker_pid = child


def test_a_message_must_begin_soon() -> None:
    held, request = HeldMessages(HANG), Request(limit=300)
    assert held.overdue([request], 0) == []
    assert held.overdue([request], HANG) == []
    assert held.overdue([request], HANG + 1) == [request]


@pytest.mark.parametrize(("limit", "allowed"), [(300, 300), (None, 120)])
def test_a_task_has_its_time_limit(limit: int | None, allowed: int) -> None:
    held, request = HeldMessages(HANG), Request(limit)
    assert held.overdue([request], 0) == []
    request.time_start = 1.0
    assert held.overdue([request], 50) == []  # its time begins here
    assert held.overdue([request], 50 + allowed + HANG) == []
    assert held.overdue([request], 50 + allowed + HANG + 1) == [request]


def test_one_child_does_not_hide_another() -> None:
    held, hanging, working = HeldMessages(HANG), Request(), Request()
    held.overdue([hanging], 0)
    assert held.overdue([hanging, working], HANG + 1) == [hanging]


def test_only_hourly_tasks_may_take_an_hour() -> None:
    app.loader.import_default_modules()
    long = {
        name
        for name, task in app.tasks.items()
        if task.time_limit == 3600 and not name.startswith("celery.")
    }
    hourly = {it["task"] for it in app.conf.beat_schedule.values() if it["schedule"] == 3600}
    by_message = {f"image_processor.tasks.{name}" for name in ("work", "preview", "estimate_size")}
    assert long == hourly | by_message


@pytest.fixture
def children() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two processes that can be killed."""
    processes = [subprocess.Popen(["sleep", "600"]) for _ in range(2)]
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def test_each_message_whose_child_was_killed_has_its_own_time(
    children: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HANG_SECONDS = HANG
    pids = [child.pid for child in children]
    pool = SimpleNamespace(info={"processes": pids})
    watch = WorkerWatch(SimpleNamespace(pool=pool))
    first, second = (Request(child=pid) for pid in pids)
    first.time_start = second.time_start = 1.0
    monkeypatch.setattr(state, "requests", {1: first})
    assert watch.check(0) == ""
    state.requests[2] = second
    assert watch.check(40) == ""
    assert watch.check(181) == ""
    assert children[0].wait() == -9
    assert watch.check(221) == ""
    assert children[1].wait() == -9
    assert watch.check(241) == ""
    assert "still here without its child" in watch.check(242)


def test_an_idle_worker_is_well() -> None:
    waiting = WaitingMessages(lambda: 0, HANG)
    assert not any(waiting.are_ignored(0, is_idle=True, now=now) for now in range(0, 10_000, 5))


def test_a_broker_that_does_not_answer_shows_nothing() -> None:
    def fail() -> int:
        raise OSError

    waiting = WaitingMessages(fail, HANG)
    assert not any(waiting.are_ignored(0, is_idle=True, now=now) for now in range(0, 10_000, 5))


def test_an_idle_worker_must_take_messages_that_wait() -> None:
    waiting = WaitingMessages(lambda: 3, HANG)
    ignored = [now for now in range(0, 200, 5) if waiting.are_ignored(7, is_idle=True, now=now)]
    assert ignored[0] == 2 * HANG + 10  # idle for a minute, then a minute with messages


@pytest.mark.parametrize("is_idle", [True, False])
def test_a_worker_at_work_may_let_messages_wait(is_idle: bool) -> None:
    waiting = WaitingMessages(lambda: 3, HANG)
    for now in range(0, 10_000, 5):
        begun = now if is_idle else 7  # it begins messages, or is at a long one
        assert not waiting.are_ignored(begun, is_idle=is_idle, now=now)


def test_a_pause_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    present = 100.0
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: present))
    running = RunningTime(interval=5)
    present += 5
    assert running.advance() == 5
    present += 3600
    assert running.advance() == 15
