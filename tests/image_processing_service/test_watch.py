"""A worker or scheduler that hangs ends, so that supervisor or Compose starts it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery.worker import state

from image_processing_service.celery import app
from image_processing_service.watch import scheduler
from image_processing_service.watch import worker as worker_watch
from image_processing_service.watch.worker import WorkerWatch
from image_processor.jobs import stopping
from scripts.local.checkout import ROOT
from tests.scripts.processes import DEADLINE, until
from tests.servers.sentry import accepting

PROGRAM = "tests.image_processing_service.faulty_celery"


@contextmanager
def started(
    log: Path, fault: str, *arguments: str, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run Celery with a fault; kill it at the end if it still runs."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "image_processing_service.settings",
        "HANG_SECONDS": "1",
        "PULSE_FILE": str(log.with_name("pulse")),
        **settings,
    }
    command = [sys.executable, "-m", PROGRAM, fault, "--app", "image_processing_service"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(DEADLINE)


@contextmanager
def worker(log: Path, fault: str, queue: str) -> Iterator[subprocess.Popen[bytes]]:
    options = [
        "--loglevel",
        "INFO",
        "--queues",
        queue,
        "--hostname",
        f"{queue}@test",
        "--without-gossip",
    ]
    pool = ["--without-mingle", "--pool", "threads", "--concurrency", "2"]
    with started(log, fault, "worker", *options, *pool) as process:
        until(lambda: b" ready." in log.read_bytes(), f"the line 'ready.' in {log}")
        yield process


@pytest.fixture
def queue() -> Iterator[str]:
    """A queue of this test only."""
    name = f"test-{uuid.uuid4().hex}"
    yield name
    with app.connection_for_write() as connection:
        connection.default_channel.queue_delete(name)


def test_a_worker_ends_if_a_thread_hangs(tmp_path: Path, queue: str) -> None:
    log = tmp_path / "log"
    with worker(log, "thread", queue) as process:
        app.send_task("hang", queue=queue)
        process.wait(DEADLINE)
    assert "hang exceeds its time" in log.read_text()


def test_a_worker_ends_if_messages_wait_and_it_takes_none(tmp_path: Path, queue: str) -> None:
    log = tmp_path / "log"
    with worker(log, "deaf", queue) as process:
        until(lambda: b"deaf" in log.read_bytes(), "the fault")
        app.send_task("hang", queue=queue)
        process.wait(DEADLINE)
    assert "messages wait, and this worker takes none" in log.read_text()


def test_a_scheduler_ends_if_its_rounds_stop(tmp_path: Path) -> None:
    log = tmp_path / "log"
    scheduler = f"{PROGRAM}:StalledScheduler"
    options = ["--scheduler", scheduler, "--schedule", str(tmp_path / "schedule"), "--pidfile="]
    command = ["beat", "--max-interval", "1", *options]
    with (
        accepting() as sentry,
        started(log, "scheduler", *command, SENTRY_DSN=sentry.dsn) as process,
    ):
        until(lambda: b"stalled" in log.read_bytes(), "the fault")
        assert process.wait(DEADLINE) == 1
    assert "scheduler_hangs" in log.read_text()
    assert [event["logentry"]["formatted"] for event in sentry.events] == ["scheduler_hangs"]
    assert log.with_name("pulse").exists()


def exit_status_of_a_fork(run: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        signal.alarm(DEADLINE)
        try:
            run()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_scheduler_whose_watch_fails_ends() -> None:
    assert exit_status_of_a_fork(lambda: scheduler.run(object())) == 1


def test_a_worker_whose_watch_fails_ends(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """For example if a later Celery renames what the watch reads."""
    settings.HANG_SECONDS = 0.01
    monkeypatch.delattr(state, "requests")
    monkeypatch.setattr(stopping, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(worker_watch, "EXTRA_SECONDS", 0)

    def run() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        WorkerWatch(object()).run()

    assert exit_status_of_a_fork(run) == 1
