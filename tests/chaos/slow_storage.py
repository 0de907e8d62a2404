"""An object storage that is slow, refuses, breaks off and answers half, before uploads and workers.

python -m tests.chaos.slow_storage --tasks 500 --percent 30

moto's S3 server is the store; a proxy of ours stands before it.
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
from tests.chaos.crowd import gathered
from tests.chaos.figures import Figures
from tests.scripts.processes import until
from tests.servers import stores
from tests.servers.faulty_proxy import Weather, faulty_proxy
from tests.stack.service import Service, running

RECOVERY_SECONDS = 240


@contextmanager
def service_on_a_faulty_store() -> Iterator[tuple[Service, stores.Store, Weather]]:
    """A service of its own, whose storage is moto behind the proxy."""
    with ExitStack() as stack:
        store = stack.enter_context(stores.moto()).empty()
        address, weather = stack.enter_context(faulty_proxy(store.endpoint))
        service = stack.enter_context(
            running(
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
    """So many tasks and uploads while that share of the requests to the storage goes wrong."""
    figures = Figures("slow and failing storage")
    with gathered(service) as crowd:
        weather.share, weather.delay = percent / 100, 0.05
        crowd.submit(tasks)
        answers = Counter(_uploaded(crowd.clients[n % 4], n) for n in range(uploads))
        until(lambda: crowd.done() >= tasks // 2, "half of the tasks to end")
        faulty = crowd.unfinished()
        weather.share, weather.delay = 0, 0
        fair = time.monotonic()
        ended = crowd.wait(RECOVERY_SECONDS)
        figures.recovered = time.monotonic() - fair
        crowd.count(figures)
    figures.faults = {"storage faults": sum(weather.seen.values()) - weather.seen["passed"]}
    figures.measured = {
        "uploads stored": str(answers["201"]),
        "uploads answered 503": str(answers["503 storage_unavailable"]),
        "still waiting in the end": str(faulty),
    }
    figures.require(ended, f"not all done {RECOVERY_SECONDS} s after the storage was well again")
    odd = answers.keys() - {"201", "503 storage_unavailable"}
    figures.require(not odd, f"uploads answered {odd}")
    figures.require_nothing_lost()
    _check_objects(service, store, figures)
    return figures


def _uploaded(client: httpx.Client, number: int) -> str:
    """What the upload of a new picture was answered."""
    picture = pictures.jpeg(seed=1000 + number)
    answer = client.post("/images/upload/", files={"file": ("photo.jpg", picture)})
    return "201" if answer.status_code == 201 else f"{answer.status_code} {answer.json()['code']}"


def _check_objects(service: Service, store: stores.Store, figures: Figures) -> None:
    """Every row's object is there and whole; what belongs to no row is known, and goes."""
    rows = service.query(
        "SELECT key, metadata->>'sha256' FROM image_processor_storedobject ORDER BY key"
    )
    for key, digest in rows:
        body = store.client.get_object(Bucket=store.bucket, Key=key)["Body"].read()
        whole = hashlib.sha256(body).hexdigest() == digest
        figures.require(whole, f"{key} is not what was stored")
    # Those of failed writes are removed after five minutes; here, now.
    service.query("UPDATE image_processor_unclaimedobject SET remove_after = now()")
    until(
        lambda: service.query("SELECT count(*) FROM image_processor_unclaimedobject") == [(0,)],
        "the removal of what nobody owns",
    )
    unknown = store.listed() - {key for key, _ in rows}
    figures.require(not unknown, f"{len(unknown)} objects that no row knows of")


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
