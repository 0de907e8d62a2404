"""How long a preview of a 12-megapixel photograph takes: `python -m benchmarks.preview`.

Three steps, another value in each request, with a proxy and (`IMAGE_PROXY=off`) without. Starts
the service twice, on data of its own. Times are seen by a client on the same machine, so the
server's own are a little lower; machines differ, hence the ratio to a request that does nothing.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from itertools import count

import httpx

from benchmarks.main_job import milliseconds, photograph
from tests.stack.service import Service, running, signed_up, upload

_values = count()


def body() -> dict[str, object]:
    """Never the same twice, as when somebody moves a slider."""
    amount = next(_values) % 100
    steps = [
        {"operation": "resize", "params": {"width": 1600, "height": 1200}},
        {"operation": "saturation", "params": {"amount": amount}},
        {"operation": "sharpen", "params": {"amount": 100 + amount, "radius": 1.5}},
    ]
    return {"transformations": steps, "format": "jpeg"}


def looked_at(client: httpx.Client, image: int) -> bool:
    shown = client.get(f"/images/{image}/").raise_for_status().json()
    return shown["metadata"]["thumbhash"] is not None


def measured(service: Service, data: bytes, times: int) -> Iterator[tuple[str, list[float]]]:
    with signed_up(service) as client:
        image = upload(client, data)
        while not looked_at(client, image):
            time.sleep(0.2)

        def ask() -> None:
            answer = client.post(f"/images/{image}/preview/", json=body()).raise_for_status()
            assert answer.headers["Full-Width"] == "1600"

        milliseconds(ask, 5)  # the worker's child has loaded what it needs
        nothing = lambda: client.get(f"{service.url}/healthz").raise_for_status()  # noqa: E731
        yield "GET /healthz", milliseconds(nothing, times)
        yield "preview", milliseconds(ask, times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    options = parser.parse_args()
    data = photograph()
    medians = {}
    print(f"{'':24} median ms   95th   ratio", flush=True)
    for proxy in ("on", "off"):
        with running(RATE_LIMITS="off", IMAGE_PROXY=proxy) as service:
            base = 0.0
            for name, taken in measured(service, data, options.times):
                median, high = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
                base = base or median
                medians[proxy] = median
                label = f"{name}, proxy {proxy}"
                print(f"{label:24} {median:9.1f} {high:6.1f} {median / base:6.1f}x", flush=True)
    print(f"without the proxy {medians['off'] / medians['on']:.2f} times as long")


if __name__ == "__main__":
    main()
