"""Workers told to stop in the middle of their work: short work ends, long work is handed back.

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
from tests.chaos.slow_work import begun, slow_steps
from tests.scripts.processes import DEADLINE, until
from tests.stack.service import Service, finished, signed_up, submit, upload


def run(service: Service, *, tasks: int) -> Figures:
    """`tasks` of each kind, one after the other."""
    figures = Figures("worker stops", {"stops": 2 * tasks}, tasks=2 * tasks)
    with signed_up(service) as client:
        image = upload(client, pictures.jpeg(3000, 2000))
        for number in range(tasks):
            _ends_by_itself(service, client, image, number, figures)
        for number in range(tasks):
            _is_handed_back(service, client, image, tasks + number, figures)
    figures.require_nothing_lost()
    return figures


def _ends_by_itself(
    service: Service, client: httpx.Client, image: int, number: int, figures: Figures
) -> None:
    """The worker has a minute, and the work needs some seconds."""
    pk = submit(client, image, slow_steps(number))
    begun(client, pk)
    [main] = service.worker("heavy").main
    os.kill(main, signal.SIGTERM)
    done = finished(client, pk)
    _count(figures, done)
    figures.require(done["attempts"] == 1, f"task {pk} ran {done['attempts']} times")


def _is_handed_back(
    service: Service, client: httpx.Client, image: int, number: int, figures: Figures
) -> None:
    """A worker with a patience of a second has it; the service's own one takes it over."""
    own = service.worker("heavy")
    own.send(signal.SIGSTOP)
    try:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            with extra_worker(service, "heavy", log) as impatient:
                pk = submit(client, image, slow_steps(number, count=14))
                begun(client, pk)
                stopped = time.monotonic()
                impatient.ask_to_stop()
                _until_free(service, pk, impatient)
                figures.recovered = max(figures.recovered, time.monotonic() - stopped)
            said = _handed_back(log)
    finally:
        own.send(signal.SIGCONT)
    [(status, attempts, excused)] = service.query(
        "SELECT status, attempts, excused FROM image_processor_transformationtask WHERE id = %s",
        pk,
    )
    # Otherwise it was free because its lease ran out.
    figures.require(said == [pk], f"handed back was {said}, not task {pk}")
    figures.require(
        (attempts - excused) <= 1, f"{status} task {pk}: the attempt that was cut short counts"
    )
    _count(figures, finished(client, pk, within=180))


def _handed_back(log: Path) -> list[int]:
    """The tasks of which a worker's log says that they were handed back."""
    lines = [line for line in log.read_text().splitlines() if "job_handed_back" in line]
    return [json.loads(line)["job"] for line in lines]


def _until_free(service: Service, pk: int, worker: ExtraWorker) -> None:
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
