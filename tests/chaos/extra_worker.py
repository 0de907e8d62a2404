"""Start another worker beside those of `scripts/up`.

As a program, this is Celery's command line, but a stop waits one second instead of a minute:

    python -m tests.chaos.extra_worker --app image_processing_service worker ...
"""

from __future__ import annotations

import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from scripts.local.checkout import ROOT
from tests.scripts.processes import DEADLINE, until
from tests.stack.service import Service

PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class ExtraWorker:
    """One prefork worker."""

    process: subprocess.Popen[bytes]
    name: str  # its node name in Celery

    def children(self) -> list[psutil.Process]:
        """Return the children, without those that have not started."""
        return psutil.Process(self.process.pid).children()

    def child(self) -> psutil.Process:
        """Wait for the first child and return it."""
        until(self.children, "the extra worker's child")
        return self.children()[0]

    def ask_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)


@contextmanager
def extra_worker(
    service: Service, queue: str, log: Path, *, children: int = 1, **settings: str
) -> Iterator[ExtraWorker]:
    """Start a worker of one queue with additional variables and wait until it is ready.

    It is killed at the end, unless it has stopped.
    """
    name = f"extra-{uuid.uuid4().hex}@chaos"
    command = [
        *(sys.executable, "-m", "tests.chaos.extra_worker", "--app", "image_processing_service"),
        *("worker", "--queues", queue, "--hostname", name),
        *("--concurrency", str(children), "--without-gossip", "--without-mingle"),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=service.environment() | settings, stdout=output, stderr=output
        )
    worker = ExtraWorker(process, name)
    try:
        until(lambda: b" ready." in log.read_bytes(), f"the line 'ready.' in {log}")
        yield worker
    finally:
        if process.poll() is None:
            for victim in [*worker.children(), psutil.Process(process.pid)]:
                victim.kill()
        process.wait(DEADLINE)


if __name__ == "__main__":
    from celery.__main__ import main

    from image_processor.jobs import stopping

    stopping.PATIENCE_SECONDS = PATIENCE_SECONDS
    main()
