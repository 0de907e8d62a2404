"""The processor time of the web server for one request of each kind.

It depends less on what else the machine does than the time that a client waits. All kinds are sent
in turn, so that a slower minute of the machine slows all of them.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.main_job import photograph
from tests.scripts.processes import until
from tests.servers.web_server import WebServer
from tests.stack.service import Service, register_client, upload

IMAGES = 20
PER_ROUND = 20
# Their work would only slow the machine down. Previews need the interactive worker.
IDLE_WORKERS = ("workers:worker-light", "workers:worker-derive")


@dataclass(frozen=True)
class Kind:
    """A kind of request, the processes that answer it, and the most it may cost in empty views."""

    name: str
    send: Callable[[], httpx.Response]
    processes: Sequence[int]
    target: float | None = None

    def milliseconds(self, repetitions: int) -> float:
        """Send requests one after another and return the processor time of one."""
        before = sum(map(_processor_seconds, self.processes))
        for _ in range(repetitions):
            self.send().raise_for_status()
        return (sum(map(_processor_seconds, self.processes)) - before) / repetitions * 1000


def measure(service: Service, rounds: int) -> Iterator[tuple[Kind, float]]:
    """Yield each kind, the empty view first, with the median of its rounds."""
    with _empty_view() as empty, _client(service) as client:
        kinds = [empty, *_kinds(service, client)]
        for kind in kinds:
            kind.milliseconds(PER_ROUND)  # loads modules and opens connections
        times: list[list[float]] = [[] for _ in kinds]
        for _ in range(rounds):
            for kind, measured in zip(kinds, times, strict=True):
                measured.append(kind.milliseconds(PER_ROUND))
        for kind, measured in zip(kinds, times, strict=True):
            yield kind, statistics.median(measured)


def _kinds(service: Service, client: httpx.Client) -> Iterator[Kind]:
    data = photograph(6400, 4800)
    numbers = count()

    def file() -> bytes:
        return data + next(numbers).to_bytes(4, "big")  # all files differ

    def body(width: int) -> dict[str, Any]:
        return {"transformations": [{"operation": "resize", "params": {"width": width}}]}

    image = upload(client, photograph())
    for _ in range(IMAGES - 1):
        upload(client, file())

    def is_prepared() -> bool:
        return client.get(f"/images/{image}/").json()["metadata"]["thumbhash"] is not None

    until(is_prepared, "the proxy of the image", 60)
    service.supervisorctl("stop", *IDLE_WORKERS)
    transform, widths = f"/images/{image}/transform/", count(400)

    def submit() -> httpx.Response:
        return client.post(transform, json=body(next(widths)))

    tasks = [submit().raise_for_status().json()["id"] for _ in range(20)]
    processes = service.web_processes()

    def kind(name: str, send: Callable[[], httpx.Response], target: float | None = None) -> Kind:
        return Kind(name, send, processes, target)

    yield kind("healthz", lambda: client.get(f"{service.url}/healthz"))
    yield kind("list of 20 images", lambda: client.get("/images/?page_size=20"), 3)
    yield kind("list of 20 tasks", lambda: client.get("/tasks/?page_size=20"), 3)
    yield kind("image", lambda: client.get(f"/images/{image}/"), 2)
    yield kind("task", lambda: client.get(f"/tasks/{tasks[0]}/"), 2)
    yield kind("submit", submit, 5)
    yield kind(
        f"upload of {len(data) / 1e6:.1f} MB",
        lambda: client.post("/images/upload/", files={"file": ("photo.jpg", file())}),
        8,
    )
    yield kind(
        "preview",
        lambda: client.post(f"/images/{image}/preview/", json=body(next(widths))),
    )


@contextmanager
def _client(service: Service) -> Iterator[httpx.Client]:
    """A signed-in client that keeps its connection open, as browsers do."""
    with register_client(service) as signed_in:
        headers = {"Authorization": signed_in.headers["Authorization"]}
        with httpx.Client(base_url=signed_in.base_url, headers=headers, timeout=90) as client:
            yield client


@contextmanager
def _empty_view() -> Iterator[Kind]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = WebServer(
            "benchmarks.service.empty_project",
            folder,
            *("--keep-alive", "60"),
            settings="benchmarks.service.empty_settings",
        )
        stack.callback(server.started.end)
        client = stack.enter_context(httpx.Client(base_url=server.url))
        yield Kind("empty Django view", lambda: client.get("/"), server.workers())


def _processor_seconds(pid: int) -> float:
    """What the threads of a process have used. The kernel counts it in nanoseconds."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
