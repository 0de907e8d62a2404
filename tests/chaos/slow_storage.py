"""Let the object storage be slow, refuse requests, disconnect and send half answers.

python -m tests.chaos.slow_storage --tasks 500 --percent 30

moto's S3 server is the store; a proxy in front of it makes the faults.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from tests.builders import pictures
from tests.chaos.command import end
from tests.chaos.crowd import gather_crowd
from tests.chaos.figures import Figures
from tests.scripts.processes import until
from tests.servers import stores
from tests.servers.faulty_proxy import Weather, faulty_proxy
from tests.stack.service import Service, start_service

RECOVERY_SECONDS = 240


@contextmanager
def service_on_a_faulty_store() -> Iterator[tuple[Service, stores.Store, Weather]]:
    """Start a service whose storage is moto behind the proxy."""
    with ExitStack() as stack:
        store = stack.enter_context(stores.moto()).empty()
        address, weather = stack.enter_context(faulty_proxy(store.endpoint))
        service = stack.enter_context(
            start_service(
                AWS_STORAGE_BUCKET_NAME=store.bucket,
                AWS_ACCESS_KEY_ID=store.access_key,
                AWS_SECRET_ACCESS_KEY=store.secret_key,
                AWS_S3_REGION_NAME=stores.REGION,
                AWS_S3_ENDPOINT_URL=address,
                AWS_S3_ADDRESSING_STYLE="path",
            )
        )
        yield service, store, weather


def run(
    service: Service,
    store: stores.Store,
    weather: Weather,
    *,
    tasks: int,
    uploads: int,
    percent: int,
) -> Figures:
    """Submit tasks and uploads while `percent` of the requests to the storage fail."""
    figures = Figures("slow and failing storage")
    with gather_crowd(service) as crowd:
        weather.share, weather.delay = percent / 100, 0.05
        crowd.submit(tasks)
        answers = Counter(_upload(crowd.clients[n % 4], n) for n in range(uploads))
        until(lambda: crowd.done() >= tasks // 2, "half of the tasks to end")
        waiting = crowd.unfinished()
        weather.share, weather.delay = 0, 0
        repaired = time.monotonic()
        ended = crowd.wait(RECOVERY_SECONDS)
        figures.recovered = time.monotonic() - repaired
        crowd.count(figures)
    figures.faults = {"storage faults": sum(weather.seen.values()) - weather.seen["passed"]}
    figures.measured = {
        "uploads stored": str(answers["201"]),
        "uploads answered 503": str(answers["503 storage_unavailable"]),
        "still waiting in the end": str(waiting),
    }
    figures.require(ended, f"not all done {RECOVERY_SECONDS} s after the last fault of the storage")
    unexpected = answers.keys() - {"201", "503 storage_unavailable"}
    figures.require(not unexpected, f"uploads answered {unexpected}")
    figures.require_nothing_lost()
    _check_objects(service, store, figures)
    return figures


def _upload(client: httpx.Client, number: int) -> str:
    """Upload a new picture; return status and code of the answer."""
    picture = pictures.jpeg(seed=1000 + number)
    answer = client.post("/images/upload/", files={"file": ("photo.jpg", picture)})
    return "201" if answer.status_code == 201 else f"{answer.status_code} {answer.json()['code']}"


def _check_objects(service: Service, store: stores.Store, figures: Figures) -> None:
    """Check that every row's object is complete and that all other objects are removed."""
    rows = service.query(
        "SELECT key, metadata->>'sha256' FROM image_processor_storedobject ORDER BY key"
    )
    for key, digest in rows:
        body = store.client.get_object(Bucket=store.bucket, Key=key)["Body"].read()
        is_complete = hashlib.sha256(body).hexdigest() == digest
        figures.require(is_complete, f"{key} has other bytes than its row says")
    # Objects of failed writes are removed after five minutes; here at once.
    service.query("UPDATE image_processor_unclaimedobject SET remove_after = now()")
    until(
        lambda: service.query("SELECT count(*) FROM image_processor_unclaimedobject") == [(0,)],
        "the removal of unclaimed objects",
    )
    unknown = store.listed() - {key for key, _ in rows}
    figures.require(not unknown, f"{len(unknown)} objects without a row")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--uploads", type=int, default=100)
    parser.add_argument("--percent", type=int, default=30)
    options = parser.parse_args()
    with service_on_a_faulty_store() as (service, store, weather):
        figures = run(
            service,
            store,
            weather,
            tasks=options.tasks,
            uploads=options.uploads,
            percent=options.percent,
        )
    end(figures)
