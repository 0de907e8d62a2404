"""Freeze a worker beyond its lease; another worker takes its task over; the first continues.

python -m tests.chaos.lease_takeover --tasks 3

The worker freezes at the worst moment: its result is written, but not published. With --hurry the
lease is ended in the database instead of by waiting.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import psycopg2

from tests.builders import pictures
from tests.chaos.command import report
from tests.chaos.extra_worker import extra_worker
from tests.chaos.figures import Figures
from tests.chaos.slow_work import slow_steps, wait_until_begun
from tests.scripts.processes import until
from tests.stack.service import Service, register_client, submit, upload, wait_for_task


def run(service: Service, *, tasks: int, hurry: bool = False) -> Figures:
    """Let `tasks` be taken over, one after the other."""
    figures = Figures("lease takeover", {"takeovers": tasks}, tasks=tasks)
    with register_client(service) as client:
        image = upload(client, pictures.jpeg(3000, 2000))
        for number in range(tasks):
            _take_over(service, client, image, number, figures, hurry=hurry)
    figures.require_nothing_lost()
    return figures


def _take_over(
    service: Service,
    client: httpx.Client,
    image: int,
    number: int,
    figures: Figures,
    *,
    hurry: bool,
) -> None:
    pk = submit(client, image, slow_steps(number, count=4))
    wait_until_begun(client, pk)
    [child] = service.worker("heavy").children
    with _frozen_before_publishing(service, image, child):
        written = _keys(service, "unclaimedobject", pk)
        figures.require(len(written) == 1, f"{len(written)} results were written")
        stopped = time.monotonic()
        if hurry:
            service.query(
                "UPDATE image_processor_transformationtask SET available_at = now() WHERE id = %s",
                pk,
            )
        with (
            tempfile.TemporaryDirectory() as folder,
            extra_worker(service, "heavy", Path(folder) / "log"),
        ):
            done = wait_for_task(client, pk, within=120)
        figures.recovered = max(figures.recovered, time.monotonic() - stopped)
        figures.lost += done["status"] != "SUCCESS"
        figures.run_twice += done["attempts"] == 2
    # The late worker continues now. Its result is unclaimed and is removed.
    until(lambda: not _keys(service, "unclaimedobject", pk), "the removal of the late result")
    media = Path(service.environment()["MEDIA_ROOT"])
    for key in written:
        figures.require(not (media / key).exists(), f"{key} of the late worker is still there")
    kept = _keys(service, "storedobject", pk)
    figures.require(len(kept) == 1, f"{len(kept)} results are kept")
    for key in kept:
        figures.require((media / key).is_file(), f"{key} is gone")
    [(results, events)] = service.query(
        "SELECT (SELECT count(*) FROM image_processor_transformedimage"
        " WHERE transformation_task_id = %s),"
        " (SELECT count(*) FROM outbox_event"
        " WHERE kind = 'task.succeeded' AND (payload->>'task')::bigint = %s)",
        pk,
        pk,
    )
    figures.duplicated += (results, events) != (1, 1)
    # The late worker still works: it does the next task.
    again = wait_for_task(client, submit(client, image, slow_steps(number, count=1)))
    figures.require(again["status"] == "SUCCESS", f"the late worker's next task: {again}")


@contextmanager
def _frozen_before_publishing(service: Service, image: int, child: int) -> Iterator[None]:
    """Stop the child after it has written its result and before it publishes the result.

    To publish, it needs the image's row, which this function locks until the child is stopped.
    """
    address = service.environment()["DATABASE_URL"]
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM image_processor_sourceimage WHERE id = %s FOR UPDATE", [image]
        )
        until(
            lambda: service.query(
                "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))",
                connection.get_backend_pid(),
            ),
            "the result to be published",
        )
        os.kill(child, signal.SIGSTOP)
        connection.rollback()
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGCONT)


def _keys(service: Service, table: str, task: int) -> set[str]:
    """Return the keys of the task's objects in the table, of all attempts."""
    rows = service.query(
        f"SELECT key FROM image_processor_{table} AS object"  # noqa: S608
        " JOIN image_processor_transformationtask AS task"
        " ON object.key LIKE '%%/' || task.fingerprint || '-%%' WHERE task.id = %s",
        task,
    )
    return {key for (key,) in rows}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=3)
    parser.add_argument("--hurry", action="store_true")
    options = parser.parse_args()
    report(lambda service: run(service, tasks=options.tasks, hurry=options.hurry))
