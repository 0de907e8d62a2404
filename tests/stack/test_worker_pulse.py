"""The health check of a worker: it fails when the worker's child hangs, unlike a ping."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.local.checkout import ROOT
from tests.chaos.extra_worker import extra_worker
from tests.scripts.processes import until
from tests.stack.service import Service

pytestmark = pytest.mark.stack

SCRIPT = ROOT / "compose/production/worker/healthcheck.py"


def check_health(pulse: Path) -> str:
    """Run the container's health check; return its error, or an empty string."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "600"],
        env={"WORKER_PULSE_FILE": str(pulse)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == (1 if done.stderr else 0)
    return done.stderr


def test_an_idle_worker_shows_that_it_lives_and_a_hanging_one_does_not(
    service: Service, tmp_path: Path
) -> None:
    pulse = tmp_path / "pulse"
    assert "no message was handled yet" in check_health(pulse)
    with (
        extra_worker(service, "heavy", tmp_path / "log", WORKER_PULSE_FILE=str(pulse)) as worker,
        pause_own_worker(service, "heavy"),
    ):
        until(lambda: not check_health(pulse), "a canary")
        worker.child().suspend()
        os.utime(pulse, (0, 0))  # as if the child had hung for a long time
        assert "600 allowed" in check_health(pulse)
        celery = [sys.executable, "-m", "celery", "--app", "image_processing_service"]
        answer = subprocess.run(
            [*celery, "inspect", "ping", "-t", "20", "-d", worker.name],
            cwd=ROOT,
            env=service.environment(),
            capture_output=True,
        )
        assert worker.name.encode() in answer.stdout  # so a ping does not notice the hanging child
        worker.child().resume()
        until(lambda: not check_health(pulse), "a canary after the pause")


@contextmanager
def pause_own_worker(service: Service, queue: str) -> Iterator[None]:
    """Pause the service's own worker, so that another worker gets the messages."""
    own = service.worker(queue)
    own.send(signal.SIGSTOP)
    try:
        yield
    finally:
        own.send(signal.SIGCONT)
