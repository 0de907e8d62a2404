"""A worker replaces a child that hangs, goes on with the other, and needs no scheduler for that."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests.builders import pictures
from tests.chaos.extra_worker import ExtraWorker, extra_worker
from tests.scripts.processes import until
from tests.stack.service import FINISHED, Service

pytestmark = pytest.mark.stack


def test_a_child_that_hangs_is_replaced_and_the_other_child_works_on(
    service: Service, client: httpx.Client, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with (
        extra_worker(service, "light", log, children=2, HANG_SECONDS="10") as worker,
        pause_own_worker(service, "light"),
    ):
        hanging, working = two_children(worker)
        hanging.suspend()
        image = client.post(
            "/images/upload/", files={"file": ("a.jpg", pictures.jpeg(), "image/jpeg")}
        ).json()
        # Neither child takes a second message while it has one, so these reach both of them.
        tasks = [transform(client, image["id"], width) for width in (10, 20, 30, 40)]
        for task in tasks:
            until(lambda task=task: state(client, task) in FINISHED, "the end of the task")
            assert state(client, task) == "SUCCESS"
        until(lambda: not hanging.is_running(), "the end of the child that hangs")
        until(lambda: len(worker.children()) == 2, "a new child")
        assert working in worker.children()
        assert worker.process.poll() is None
        assert f'"child": {hanging.pid}' in log.read_text()


def test_a_worker_is_well_without_a_scheduler(service: Service, tmp_path: Path) -> None:
    pulse = tmp_path / "pulse"
    settings = {"HANG_SECONDS": "1", "PULSE_FILE": str(pulse)}
    with (
        pause(service.pid("scheduler")),
        extra_worker(service, "heavy", tmp_path / "log", **settings) as worker,
    ):
        until(pulse.exists, "the first pulse")
        child = worker.child()
        for _ in range(6):  # longer than HANG_SECONDS
            os.utime(pulse, (0, 0))
            until(lambda: pulse.stat().st_mtime > 0, "another pulse")
        assert worker.children() == [child]


def two_children(worker: ExtraWorker) -> list[psutil.Process]:
    until(lambda: len(worker.children()) == 2, "two children")
    return worker.children()


def transform(client: httpx.Client, image: int, width: int) -> int:
    """Submit a task; return its id."""
    body = {"transformations": [{"operation": "resize", "params": {"width": width}}]}
    answer = client.post(f"/images/{image}/transform/", json=body)
    assert answer.status_code == 201, answer.text
    found: int = answer.json()["id"]
    return found


def state(client: httpx.Client, task: int) -> str:
    found: str = client.get(f"/tasks/{task}/").json()["status"]
    return found


@contextmanager
def pause_own_worker(service: Service, queue: str) -> Iterator[None]:
    """Pause the service's own worker, so that another worker gets the messages."""
    own = service.worker(queue)
    with pause(*own.main, *own.children):
        yield


@contextmanager
def pause(*processes: int) -> Iterator[None]:
    """Suspend these processes for the duration of the block."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
