"""A worker or scheduler that hangs ends, so that supervisor or Compose starts it again."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from image_processing_service.celery import app
from scripts.local.checkout import ROOT
from tests.scripts.processes import DEADLINE, until

PROGRAM = "tests.image_processing_service.faulty_celery"


@contextmanager
def started(log: Path, fault: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run Celery with a fault; kill it at the end if it still runs."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "image_processing_service.settings",
        "HANG_SECONDS": "1",
        "PULSE_FILE": str(log.with_name("pulse")),
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
    with started(log, "scheduler", "beat", "--max-interval", "1", *options) as process:
        until(lambda: b"stalled" in log.read_bytes(), "the fault")
        assert process.wait(DEADLINE) == 1
    assert "scheduler_hangs" in log.read_text()
    assert log.with_name("pulse").exists()
