"""A worker that handles messages is well, one whose child hangs is not, whatever a ping says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.local.bootstrap import ROOT
from tests.chaos.extra_worker import extra_worker
from tests.scripts.processes import until
from tests.stack.service import Service

pytestmark = pytest.mark.stack

SCRIPT = ROOT / "compose/production/worker/healthcheck.py"


def said(pulse: Path) -> str:
    """What the container's health check finds wrong; nothing is empty."""
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
    assert "no message was handled yet" in said(pulse)
    with (
        extra_worker(service, "heavy", tmp_path / "log", WORKER_PULSE_FILE=str(pulse)) as worker,
        alone(service, "heavy"),
    ):
        until(lambda: not said(pulse), "a canary")
        worker.child().suspend()
        os.utime(pulse, (0, 0))  # as if it had hung for long
        assert "600 allowed" in said(pulse)
        celery = [sys.executable, "-m", "celery", "--app", "image_processing_service"]
        answer = subprocess.run(
            [*celery, "inspect", "ping", "-t", "20", "-d", worker.name],
            cwd=ROOT,
            env=service.environment(),
            capture_output=True,
        )
        assert worker.name.encode() in answer.stdout  # which is why a ping does not do
        worker.child().resume()
        until(lambda: not said(pulse), "a canary after the pause")


@contextmanager
def alone(service: Service, queue: str) -> Iterator[None]:
    """The service's own worker stands still, so that another one gets the messages."""
    own = service.worker(queue)
    own.send(signal.SIGSTOP)
    try:
        yield
    finally:
        own.send(signal.SIGCONT)
