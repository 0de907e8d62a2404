"""Kill the workers of a batch of thumbnails, then read its ZIP while it is streamed.

python -m tests.chaos.batch --images 1000 --kills 2
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from tests.builders import pictures
from tests.scripts.processes import until
from tests.stack.service import Service, register_client, start_service, upload

# At worst, the lease of a killed worker's task ends after 30 s, and the next top-up 10 s later.
RECOVERY_SECONDS = 120
SECONDS_PER_TASK = 1.0
THUMBNAIL = [{"operation": "resize", "params": {"width": 200, "height": 200, "fit": "cover"}}]
_EVENTS = """
SELECT payload FROM outbox_event
WHERE kind = 'batch.finished' AND (payload->>'batch')::bigint = %s
"""
_END_LEASES = """
UPDATE image_processor_transformationtask SET available_at = now()
WHERE batch_id = %s AND status = 'IN_PROGRESS'
"""
# Counts the tasks that do not have exactly one result, and those that ran more than once.
_WRONG = """
SELECT count(*) FILTER (WHERE results <> 1), count(*) FILTER (WHERE attempts > 1) FROM (
    SELECT task.attempts, count(result.id) AS results
    FROM image_processor_transformationtask AS task
    LEFT JOIN image_processor_transformedimage AS result ON result.transformation_task_id = task.id
    WHERE task.batch_id = %s GROUP BY task.id
) AS tasks
"""


def run(
    service: Service,
    client: httpx.Client,
    *,
    images: int,
    kills: int,
    hurry: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Raise AssertionError if a count is wrong, or an event or a task is lost or doubled.

    With `hurry`, the lease of a killed worker's task ends at once instead of after 30 seconds.
    """
    picture = pictures.jpeg(1000, 1000, quality=90)  # 1 megapixel
    # The bytes after the picture make every file different.
    ids = [upload(client, picture + b"%06d" % number) for number in range(images)]
    body = {"image_ids": ids, "transformations": THUMBNAIL, "format": "webp"}
    start = time.monotonic()
    answer = client.post("/batches/", json=body)
    created = time.monotonic() - start
    assert answer.status_code == 201, answer.text
    batch = int(answer.json()["id"])
    assert answer.json()["total"] == images
    say(f"{images} images of 1 megapixel: the batch was made in {created:.2f} s")

    seen: dict[str, Any] = {}

    def done(share: int) -> bool:
        seen.update(client.get(f"/batches/{batch}/").json())
        assert sum(seen["counts"].values()) == seen["total"] == images, seen
        unfinished = seen["counts"]["PENDING"] + seen["counts"]["IN_PROGRESS"]
        assert (seen["finished_at"] is None) == (unfinished > 0), seen
        return images - unfinished >= share

    within = RECOVERY_SECONDS + images * SECONDS_PER_TASK
    for number in range(kills):
        share = images * (number + 1) // (kills + 2)
        until(lambda share=share: done(share), f"{share} tasks to end", within)  # type: ignore[misc]
        _kill_worker(service)
        if hurry:
            service.query(_END_LEASES, batch)
    until(lambda: done(images), "the end of the batch", within)
    seconds = time.monotonic() - start
    assert seen["counts"]["SUCCESS"] == images, seen
    events = [payload for (payload,) in service.query(_EVENTS, batch)]
    assert len(events) == 1, events
    assert (events[0]["total"], events[0]["succeeded"]) == (images, images)
    [(wrong, twice)] = service.query(_WRONG, batch)
    assert wrong == 0
    say(f"done in {seconds:.0f} s, {kills} kills, {twice} tasks run twice, all counts right")
    say(_download(service, client, batch, images))


def _kill_worker(service: Service) -> None:
    """Kill all processes of the light worker at once; the supervisor restarts it."""
    until(lambda: service.worker("light").children, "a worker with children")
    worker = service.worker("light")
    for pid in [*worker.main, *worker.children]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _download(service: Service, client: httpx.Client, batch: int, images: int) -> str:
    """Download and check the ZIP; describe how much memory the web server needed for it."""
    web = _web_processes(service)
    client.get("/batches/")  # a first request loads modules, which must not count
    before = sum(_resident(pid) for pid in web)
    most = before
    with tempfile.TemporaryFile() as file:
        with client.stream("GET", f"/batches/{batch}/download/") as answer:
            assert answer.status_code == 200, answer.read()
            for piece in answer.iter_bytes(256 * 1024):
                file.write(piece)
                most = max(most, sum(_resident(pid) for pid in web))
        size = file.tell()
        with zipfile.ZipFile(file) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) == images
    grown = (most - before) / 1e6
    return f"its ZIP has {size / 1e6:.1f} MB; the web server grew by at most {grown:.1f} MB"


def _web_processes(service: Service) -> list[int]:
    main = service.pid("web")
    status = Path(f"/proc/{main}/task/{main}/children").read_text()
    return [main, *(int(pid) for pid in status.split())]


def _resident(pid: int) -> int:
    """Return the present memory of a process in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=2)
    options = parser.parse_args()
    with (
        start_service(RATE_LIMITS="off", ACCESS_TOKEN_LIFETIME="120") as service,
        register_client(service) as client,
    ):
        run(service, client, images=options.images, kills=options.kills, say=print)


if __name__ == "__main__":
    sys.exit(main())
