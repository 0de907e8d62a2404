"""Measure first previews of 12-megapixel photographs: `python -m benchmarks.preview`.

Each preview is the first of its picture, with three steps, with a proxy and without
(`IMAGE_PROXY=off`). Starts the service twice with temporary data. The processor time is that of the
web processes and of the interactive worker's child together, as the kernel counts it. Other
processes on the machine change the times less than the ratios: to a request that does nothing, and
to decoding, scaling and encoding the same picture in this process.

`python -m benchmarks.preview --effects` measures the artistic effects in this process instead, and
compares each preview with the result.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from PIL import Image

from benchmarks.main_job import photograph
from image_processor.engine import Limits, Pipeline, inspect, render
from image_processor.engine.pixels.preload import preload_libraries
from image_processor.engine.preview import preview
from tests.engine.similarity import similarity
from tests.stack.service import Service, register_client, start_service, upload

SIZE = (1024, 768)
# A picture of 4,000 pixels is decoded at a quarter, which leaves fewer pixels than that.
SMALLEST = 1000


def body(amount: int) -> dict[str, object]:
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


def processor_ms(processes: list[int]) -> float:
    """Return the processor time of all threads that these processes have now."""
    files = [file for pid in processes for file in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    return sum(int(file.read_text().split()[0]) for file in files) / 1e6


class Cost(NamedTuple):
    """What one request took, in milliseconds."""

    clock: float
    web: float
    worker: float

    @property
    def processor(self) -> float:
        return self.web + self.worker


def measure(service: Service, data: bytes, repetitions: int) -> Iterator[tuple[str, list[Cost]]]:
    web, worker = service.web_processes(), service.worker("interactive").children

    def cost_of(ask: Callable[[], object]) -> Cost:
        web_before, worker_before = processor_ms(web), processor_ms(worker)
        start = time.perf_counter()
        ask()
        clock = (time.perf_counter() - start) * 1000
        time.sleep(0.05)  # the worker ends its message after the answer
        return Cost(clock, processor_ms(web) - web_before, processor_ms(worker) - worker_before)

    with register_client(service) as client:
        images = [upload(client, data + bytes([n])) for n in range(repetitions + 5)]
        while not all(is_prepared(client, image) for image in images):
            time.sleep(0.2)

        def ask(number: int) -> None:
            path = f"/images/{images[number]}/preview/"
            answer = client.post(path, json=body(number % 100)).raise_for_status()
            assert max(Image.open(io.BytesIO(answer.content)).size) >= SMALLEST

        for number in range(5):  # the processes load their modules
            ask(number)
        healthz = f"{service.url}/healthz"
        nothing = [
            cost_of(lambda: client.get(healthz).raise_for_status()) for _ in range(repetitions)
        ]
        yield "GET /healthz", nothing
        yield "preview", [cost_of(lambda n=n: ask(n + 5)) for n in range(repetitions)]  # type: ignore[misc]


def least_ms(data: bytes, repetitions: int) -> list[float]:
    """The processor time of decoding with libjpeg's scale, resampling and encoding alone."""
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        image = Image.open(io.BytesIO(data))
        image.draft("RGB", SIZE)
        image.resize(SIZE, Image.Resampling.LANCZOS).save(io.BytesIO(), "JPEG", quality=85)
        times.append((time.process_time() - start) * 1000)
    return times


def print_requests(repetitions: int) -> None:
    data = photograph()
    print(f"{'medians, ms':24} {'clock':>7} {'processor':>10} {'web':>6} {'worker':>7}", flush=True)
    for proxy in ("on", "off"):
        with start_service(RATE_LIMITS="off", IMAGE_PROXY=proxy) as service:
            nothing = 0.0
            for name, costs in measure(service, data, repetitions):
                clock, web, worker, processor = (
                    statistics.median(values)
                    for values in zip(*((*cost, cost.processor) for cost in costs), strict=True)
                )
                nothing = nothing or processor
                print(
                    f"{name + ', proxy ' + proxy:24} {clock:7.1f} {processor:10.1f} {web:6.1f} "
                    f"{worker:7.1f}  {processor / nothing:6.1f}x nothing",
                    flush=True,
                )
            least = statistics.median(least_ms(data, repetitions))
            print(f"{'decode, scale, encode':24} {'':7} {least:10.1f}", flush=True)


EFFECTS: dict[str, list[dict[str, Any]]] = {
    "cartoon": [{}, {"levels": 3, "edges": 1.0, "line_width": 6}, {"edges": 0}],
    "sketch": [{}, {"shading": 1, "paper": 1}, {"edges": 1, "shading": 0}],
    "color_pencil": [{}, {"pressure": 1, "paper": 1}, {"edges": 1}],
    "oil_painting": [{}, {"brush_size": 3}, {"brush_size": 3, "relief": 0}, {"brush_size": 0.2}],
    "watercolor": [{}, {"brush_size": 3}, {"brush_size": 0.2, "bleed": 1}],
    "pop_art": [{}, {"dot_size": 3}, {"dots": 1, "dot_size": 0.5}],
}


def print_effects() -> None:
    """Print the processor time of each effect's preview, and its likeness to the result."""
    data = photograph()
    facts = inspect(data, Limits())
    preload_libraries()
    print(f"{'':60} {'preview, ms':>11} {'result, ms':>10} {'similarity':>10} {'of halves':>9}")
    for name, examples in {"flip": [{}], **EFFECTS}.items():
        for params in examples:
            pipeline = Pipeline.parse([{"operation": name, "params": params}], format="jpeg")
            times = []
            for _ in range(4):
                start = time.process_time()
                small = preview(data, facts, facts, pipeline, Limits()).data
                times.append((time.process_time() - start) * 1000)
            start = time.process_time()
            full = render(data, facts, pipeline, Limits()).data
            taken = (time.process_time() - start) * 1000
            width, height = Image.open(io.BytesIO(small)).size
            alike = [
                similarity(_gray(small, size), _gray(full, size))
                for size in ((width, height), (width // 2, height // 2))
            ]
            print(
                f"{name + ' ' + str(params):60} {statistics.median(times[1:]):11.0f} "
                f"{taken:10.0f} {alike[0]:10.3f} {alike[1]:9.3f}",
                flush=True,
            )


def _gray(data: bytes, size: tuple[int, int]) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("L").resize(size, Image.Resampling.LANCZOS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--effects", action="store_true")
    options = parser.parse_args()
    if options.effects:
        print_effects()
    else:
        print_requests(options.times)


if __name__ == "__main__":
    main()
