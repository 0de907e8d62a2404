"""Two schedulers, and the housekeeping of both at the same moment: nothing is done twice.

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

from scripts.local.bootstrap import PYTHON, ROOT
from tests.chaos.command import report
from tests.chaos.crowd import Crowd, gathered
from tests.chaos.figures import Figures
from tests.scripts.processes import DEADLINE, until
from tests.stack.service import Service

RECOVERY_SECONDS = 120
AT_ONCE = 4  # threads of the worker that does the housekeeping
ROUND_SECONDS = 0.5


def run(service: Service, *, tasks: int) -> Figures:
    """`tasks` without a wake-up of their own: the schedulers have to find them."""
    figures = Figures("two schedulers")
    with gathered(service) as crowd, _second_scheduler(service), _housekeeping(service) as rounds:
        _make_some_fail(crowd, tasks // 10)
        crowd.submit(tasks)
        over = time.monotonic()
        ended = crowd.wait(RECOVERY_SECONDS)
        figures.recovered = time.monotonic() - over
        crowd.count(figures)
        [(failed, told)] = service.query(_LOST, crowd.owners)
    figures.faults["rounds of housekeeping at once"] = rounds[0]
    figures.require(ended, f"not all done within {RECOVERY_SECONDS} s")
    figures.require(failed == told == tasks // 10, f"{failed} lost tasks failed, {told} were told")
    figures.require_nothing_lost()
    return figures


# Failures and their events.
_LOST = """
WITH failed AS (
    SELECT id FROM image_processor_transformationtask
    WHERE owner_id = ANY(%s) AND error_code = 'worker_lost'
)
SELECT (SELECT count(*) FROM failed),
       (SELECT count(*) FROM outbox_event
        WHERE kind = 'task.failed' AND (payload->>'task')::bigint IN (SELECT id FROM failed))
"""
# As if each of their attempts had ended with its worker.
_LOSE = """
UPDATE image_processor_transformationtask
SET status = 'IN_PROGRESS', attempts = 3, available_at = now()
WHERE owner_id = ANY(%s)
"""


def _make_some_fail(crowd: Crowd, count: int) -> None:
    """Tasks that only the housekeeping can end; each of them is told of once."""
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
    """Another `celery beat`, with a schedule of its own."""
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
    """Every half second, as many orders for it as can run at once; how many rounds there were."""
    over = threading.Event()
    rounds = [0]

    def order() -> None:
        with Celery(broker=service.environment()["CELERY_BROKER_URL"], set_as_current=False) as app:
            while not over.wait(ROUND_SECONDS):
                rounds[0] += 1
                for _ in range(AT_ONCE):
                    with suppress(app.connection().recoverable_connection_errors):
                        app.send_task("image_processor.tasks.maintain", queue="system")

    thread = threading.Thread(target=order)
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
