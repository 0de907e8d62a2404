"""Fill the disk with the images for a while.

python -m tests.chaos.full_disk --tasks 200
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.builders import pictures
from tests.chaos.command import end
from tests.chaos.crowd import gather_crowd
from tests.chaos.figures import Figures
from tests.scripts.processes import until
from tests.servers.small_disk import NoSmallDisk, filled, small_disk
from tests.stack.service import Service, start_service

RECOVERY_SECONDS = 120


def run(service: Service, media: Path, *, tasks: int, uploads: int) -> Figures:
    """Submit tasks and uploads while the disk is full. `media` is the service's folder."""
    figures = Figures("full disk", {"uploads to a full disk": uploads})
    with gather_crowd(service) as crowd:
        before = _rows(service)
        with filled(media):
            crowd.submit(tasks)
            refused = []
            for number in range(uploads):
                file = ("photo.jpg", pictures.jpeg(seed=2000 + number))
                answer = crowd.clients[0].post("/images/upload/", files={"file": file})
                refused.append(f"{answer.status_code} {answer.json().get('code')}")
            figures.require(
                set(refused) == {"507 storage_full"}, f"uploads were answered {set(refused)}"
            )
            until(lambda: _has_postponed_task(service, crowd.owners), "a task that finds no space")
            figures.require(_rows(service) == before, "an upload that was refused left a row")
            waiting = crowd.unfinished()
            figures.require(waiting == tasks, f"{tasks - waiting} tasks ended on a full disk")
        freed = time.monotonic()
        ended = crowd.wait(RECOVERY_SECONDS)
        figures.recovered = time.monotonic() - freed
        crowd.count(figures)
    figures.require(ended, f"not all done {RECOVERY_SECONDS} s after there was space again")
    figures.require_nothing_lost()
    _check_files(service, media, figures)
    return figures


def _rows(service: Service) -> list[tuple[int, ...]]:
    return service.query(
        "SELECT (SELECT count(*) FROM image_processor_sourceimage),"
        " (SELECT count(*) FROM image_processor_storedobject)"
    )


def _has_postponed_task(service: Service, owners: list[int]) -> bool:
    [(count,)] = service.query(
        "SELECT count(*) FROM image_processor_transformationtask"
        " WHERE owner_id = ANY(%s) AND error_code = 'storage_full'",
        owners,
    )
    return bool(count)


def _check_files(service: Service, media: Path, figures: Figures) -> None:
    """Check that every row has its complete file and that no other file stays."""
    rows = dict(service.query("SELECT key, size_bytes FROM image_processor_storedobject"))
    for key, size in rows.items():
        path = media / key
        is_complete = path.is_file() and path.stat().st_size == size
        figures.require(is_complete, f"{key} is missing or cut short")
    # Objects of failed writes are removed after five minutes; here at once.
    service.query("UPDATE image_processor_unclaimedobject SET remove_after = now()")
    until(
        lambda: service.query("SELECT count(*) FROM image_processor_unclaimedobject") == [(0,)],
        "the removal of unclaimed objects",
    )
    found = {str(path.relative_to(media)) for path in media.rglob("*/*/*") if path.is_file()}
    figures.require(found == set(rows), f"files without a row: {found - set(rows)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--uploads", type=int, default=20)
    options = parser.parse_args()
    try:
        with small_disk() as media, start_service(MEDIA_ROOT=str(media)) as service:
            figures = run(service, media, tasks=options.tasks, uploads=options.uploads)
    except NoSmallDisk as reason:
        sys.exit(f"This machine has no small disk to fill: {reason}.")
    end(figures)
