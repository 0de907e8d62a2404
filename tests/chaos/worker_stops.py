"""Stop workers during their work: short work ends, long work is handed back.

python -m tests.chaos.worker_stops --tasks 5
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from tests.builders import pictures
from tests.chaos.command import report
from tests.chaos.extra_worker import ExtraWorker, extra_worker
from tests.chaos.figures import Figures
from tests.chaos.slow_work import slow_steps, wait_until_begun
from tests.scripts.processes import DEADLINE, until
from tests.stack.service import Service, register_client, submit, upload, wait_for_task


def run(service: Service, *, tasks: int) -> Figures:
    """Run `tasks` of each kind, one after the other."""
    figures = Figures("worker stops", {"stops": 2 * tasks}, tasks=2 * tasks)
    with register_client(service) as client:
        image = upload(client, pictures.jpeg(3000, 2000))
        for number in range(tasks):
            _check_short_task(service, client, image, number, figures)
        for number in range(tasks):
            _check_long_task(service, client, image, tasks + number, figures)
    figures.require_nothing_lost()
    return figures


def _check_short_task(
    service: Service, client: httpx.Client, image: int, number: int, figures: Figures
) -> None:
    """The worker may take a minute to stop, and the task takes some seconds: it ends."""
    pk = submit(client, image, slow_steps(number))
    wait_until_begun(client, pk)
    [main] = service.worker("heavy").main
    os.kill(main, signal.SIGTERM)
    done = wait_for_task(client, pk)
    _count(figures, done)
    figures.require(done["attempts"] == 1, f"task {pk} ran {done['attempts']} times")


def _check_long_task(
    service: Service, client: httpx.Client, image: int, number: int, figures: Figures
) -> None:
    """A worker that may take a second to stop hands the task back; another one takes it over."""
    own = service.worker("heavy")
    own.send(signal.SIGSTOP)
    try:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            with extra_worker(service, "heavy", log) as impatient:
                pk = submit(client, image, slow_steps(number, count=14))
                wait_until_begun(client, pk)
                stopped = time.monotonic()
                impatient.ask_to_stop()
                _wait_until_free(service, pk, impatient)
                figures.recovered = max(figures.recovered, time.monotonic() - stopped)
            handed_back = _handed_back(log)
    finally:
        own.send(signal.SIGCONT)
    [(status, attempts, excused)] = service.query(
        "SELECT status, attempts, excused FROM image_processor_transformationtask WHERE id = %s",
        pk,
    )
    # Otherwise the task was free because its lease ended.
    figures.require(handed_back == [pk], f"tasks handed back: {handed_back}, not task {pk}")
    figures.require(
        (attempts - excused) <= 1, f"{status} task {pk}: the interrupted attempt counts"
    )
    _count(figures, wait_for_task(client, pk, within=180))


def _handed_back(log: Path) -> list[int]:
    """Return the tasks that were handed back according to a worker's log."""
    lines = [line for line in log.read_text().splitlines() if "job_handed_back" in line]
    return [json.loads(line)["job"] for line in lines]


def _wait_until_free(service: Service, pk: int, worker: ExtraWorker) -> None:
    """Wait until the task may be claimed again and the worker has ended by itself."""
    statement = "SELECT status = 'PENDING' FROM image_processor_transformationtask WHERE id = %s"
    until(lambda: service.query(statement, pk) == [(True,)], f"task {pk} to be free")
    worker.process.wait(DEADLINE)


def _count(figures: Figures, done: dict[str, Any]) -> None:
    figures.lost += done["status"] != "SUCCESS"
    figures.run_twice += done["attempts"] > 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5)
    options = parser.parse_args()
    report(lambda service: run(service, tasks=options.tasks))
