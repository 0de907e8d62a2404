"""Measure previews of a 12-megapixel photograph: `python -m benchmarks.preview`.

Three steps with a new value in each request, with a proxy and without (`IMAGE_PROXY=off`). Starts
the service twice with temporary data. A client on the same machine measures the times, so the
server's own times are a little lower. To compare machines, use the ratio to a request that does
nothing.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from itertools import count

import httpx

from benchmarks.main_job import milliseconds, photograph
from tests.stack.service import Service, register_client, start_service, upload

_values = count()


def body() -> dict[str, object]:
    """Return a new request each time, as when a person moves a slider."""
    amount = next(_values) % 100
    steps = [
        {"operation": "resize", "params": {"width": 1600, "height": 1200}},
        {"operation": "saturation", "params": {"amount": amount}},
        {"operation": "sharpen", "params": {"amount": 100 + amount, "radius": 1.5}},
    ]
    return {"transformations": steps, "format": "jpeg"}


def is_prepared(client: httpx.Client, image: int) -> bool:
    """Whether thumbnail and proxy of the image have been made."""
    facts = client.get(f"/images/{image}/").raise_for_status().json()["metadata"]
    return facts["thumbhash"] is not None


def measure(service: Service, data: bytes, repetitions: int) -> Iterator[tuple[str, list[float]]]:
    with register_client(service) as client:
        image = upload(client, data)
        while not is_prepared(client, image):
            time.sleep(0.2)

        def ask() -> None:
            answer = client.post(f"/images/{image}/preview/", json=body()).raise_for_status()
            assert answer.headers["Full-Width"] == "1600"

        milliseconds(ask, 5)  # the worker loads its modules
        nothing = lambda: client.get(f"{service.url}/healthz").raise_for_status()  # noqa: E731
        yield "GET /healthz", milliseconds(nothing, repetitions)
        yield "preview", milliseconds(ask, repetitions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    options = parser.parse_args()
    data = photograph()
    medians = {}
    print(f"{'':24} median ms   95th   ratio", flush=True)
    for proxy in ("on", "off"):
        with start_service(RATE_LIMITS="off", IMAGE_PROXY=proxy) as service:
            base = 0.0
            for name, times in measure(service, data, options.times):
                median, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
                base = base or median
                medians[proxy] = median
                label = f"{name}, proxy {proxy}"
                print(f"{label:24} {median:9.1f} {high:6.1f} {median / base:6.1f}x", flush=True)
    print(f"Without a proxy, a preview takes {medians['off'] / medians['on']:.2f} times as long")


if __name__ == "__main__":
    main()
