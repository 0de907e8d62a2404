"""A batch of thumbnails whose workers are killed on the way; then its ZIP, read as it comes.

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
from tests.stack.service import Service, running, signed_up, upload

# The worst case: the lease of a killed worker's task runs out in 30 s, the next top-up is 10 s on.
RECOVERY_SECONDS = 120
SECONDS_A_TASK = 1.0
THUMBNAIL = [{"operation": "resize", "params": {"width": 200, "height": 200, "fit": "cover"}}]
_EVENTS = """
SELECT payload FROM outbox_event
WHERE kind = 'batch.finished' AND (payload->>'batch')::bigint = %s
"""
_END_LEASES = """
UPDATE image_processor_transformationtask SET available_at = now()
WHERE batch_id = %s AND status = 'IN_PROGRESS'
"""
# Tasks of the batch that do not have exactly one result, and those that were run more than once.
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
    """Fails with an AssertionError where a count is wrong, something is lost, or told twice.

    With `hurry` the lease of a killed worker's task ends at once instead of after 30 seconds.
    """
    picture = pictures.jpeg(1000, 1000, quality=90)  # 1 megapixel
    # What stands behind the picture makes each another file.
    ids = [upload(client, picture + b"%06d" % number) for number in range(images)]
    body = {"image_ids": ids, "transformations": THUMBNAIL, "format": "webp"}
    begun = time.monotonic()
    answer = client.post("/batches/", json=body)
    created = time.monotonic() - begun
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

    within = RECOVERY_SECONDS + images * SECONDS_A_TASK
    for number in range(kills):
        share = images * (number + 1) // (kills + 2)
        until(lambda share=share: done(share), f"{share} tasks to end", within)  # type: ignore[misc]
        _kill_worker(service)
        if hurry:
            service.query(_END_LEASES, batch)
    until(lambda: done(images), "the end of the batch", within)
    taken = time.monotonic() - begun
    assert seen["counts"]["SUCCESS"] == images, seen
    told = [payload for (payload,) in service.query(_EVENTS, batch)]
    assert len(told) == 1, told
    assert (told[0]["total"], told[0]["succeeded"]) == (images, images)
    [(wrong, twice)] = service.query(_WRONG, batch)
    assert wrong == 0
    say(f"done in {taken:.0f} s, {kills} workers killed, {twice} tasks run twice, all counts right")
    say(_download(service, client, batch, images))


def _kill_worker(service: Service) -> None:
    """All processes of the light worker at once; the supervisor restarts it."""
    until(lambda: service.worker("light").children, "a worker with children")
    worker = service.worker("light")
    for pid in [*worker.main, *worker.children]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _download(service: Service, client: httpx.Client, batch: int, images: int) -> str:
    """Fetch the ZIP and check it; how much memory the web server took for it."""
    web = _web_processes(service)
    client.get("/batches/")  # what is loaded at a first request is not the archive's
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
    """The memory that a process has at this moment, in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=2)
    options = parser.parse_args()
    with (
        running(RATE_LIMITS="off", ACCESS_TOKEN_LIFETIME="120") as service,
        signed_up(service) as client,
    ):
        run(service, client, images=options.images, kills=options.kills, say=print)


if __name__ == "__main__":
    sys.exit(main())
