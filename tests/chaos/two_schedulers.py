"""Run two schedulers and several housekeeping rounds at once: nothing is done twice.

python -m tests.chaos.two_schedulers --tasks 500
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from celery import Celery

from scripts.local.checkout import PYTHON, ROOT
from tests.chaos.command import report
from tests.chaos.crowd import Crowd, gather_crowd
from tests.chaos.figures import Figures
from tests.scripts.processes import DEADLINE, until
from tests.stack.service import Service

RECOVERY_SECONDS = 120
THREADS = 4  # of the worker that does the housekeeping
ROUND_SECONDS = 0.5


def run(service: Service, *, tasks: int) -> Figures:
    """Submit `tasks` without wake-up messages: the schedulers have to find them."""
    figures = Figures("two schedulers")
    with (
        gather_crowd(service) as crowd,
        _second_scheduler(service),
        _housekeeping(service) as rounds,
    ):
        _make_some_fail(crowd, tasks // 10)
        crowd.submit(tasks)
        over = time.monotonic()
        ended = crowd.wait(RECOVERY_SECONDS)
        figures.recovered = time.monotonic() - over
        crowd.count(figures)
        [(failed, events)] = service.query(_LOST, crowd.owners)
    figures.faults["rounds of housekeeping at once"] = rounds[0]
    figures.require(ended, f"not all done within {RECOVERY_SECONDS} s")
    figures.require(
        failed == events == tasks // 10, f"{failed} lost tasks failed, with {events} events"
    )
    figures.require_nothing_lost()
    return figures


# Counts failed lost tasks and their events.
_LOST = """
WITH failed AS (
    SELECT id FROM image_processor_transformationtask
    WHERE owner_id = ANY(%s) AND error_code = 'worker_lost'
)
SELECT (SELECT count(*) FROM failed),
       (SELECT count(*) FROM outbox_event
        WHERE kind = 'task.failed' AND (payload->>'task')::bigint IN (SELECT id FROM failed))
"""
# Makes the tasks look as if each attempt had ended with the death of its worker.
_LOSE = """
UPDATE image_processor_transformationtask
SET status = 'IN_PROGRESS', attempts = 3, available_at = now()
WHERE owner_id = ANY(%s)
"""


def _make_some_fail(crowd: Crowd, count: int) -> None:
    """Make tasks that only the housekeeping can end; each must have one event."""
    workers = [crowd.service.worker(queue) for queue in ("light", "heavy")]
    for worker in workers:
        worker.send(signal.SIGSTOP)
    try:
        crowd.submit(count)
        crowd.service.query(_LOSE, crowd.owners)
        crowd.accepted.clear()
        until(lambda: not crowd.unfinished(), "the end of lost tasks")
    finally:
        for worker in workers:
            worker.send(signal.SIGCONT)


@contextmanager
def _second_scheduler(service: Service) -> Iterator[None]:
    """Run another `celery beat` with its own schedule file."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        schedule = str(Path(folder) / "schedule")
        command = [str(PYTHON), "-m", "celery", "-A", "image_processing_service", "beat"]
        process = subprocess.Popen(
            [*command, "-s", schedule, "--pidfile="],
            cwd=ROOT,
            env=service.environment(),
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(DEADLINE)


@contextmanager
def _housekeeping(service: Service) -> Iterator[list[int]]:
    """Every half second, send as many housekeeping messages as can run at once; count rounds."""
    over = threading.Event()
    rounds = [0]

    def send_messages() -> None:
        with Celery(broker=service.environment()["CELERY_BROKER_URL"], set_as_current=False) as app:
            while not over.wait(ROUND_SECONDS):
                rounds[0] += 1
                for _ in range(THREADS):
                    with suppress(app.connection().recoverable_connection_errors):
                        app.send_task("image_processor.tasks.maintain", queue="system")

    thread = threading.Thread(target=send_messages)
    thread.start()
    try:
        yield rounds
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=500)
    options = parser.parse_args()
    report(lambda service: run(service, tasks=options.tasks))
