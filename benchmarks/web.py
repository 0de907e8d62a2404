"""Measure the web server, without Django: `python -m benchmarks.web`.

Sends small requests, uploads and downloads from some connections at a time. Prints for each kind
how many were answered in a second, and the processor time that the server used for one, which
depends less on what else the machine does. `--gthread` measures gunicorn's own threaded worker.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.servers.web_server import WORKER, WebServer

CONNECTIONS = 8
LARGE = 20_000_000
APP = "tests.servers.web_app"
_TICKS = os.sysconf("SC_CLK_TCK")

KINDS: dict[str, tuple[int, Callable[[httpx.Client], httpx.Response]]] = {
    "small request": (100, lambda client: client.get("/")),
    "upload of 20 MB as a form": (
        1,
        lambda client: client.post("/", files={"file": ("a.jpg", bytes(LARGE))}),
    ),
    "download of a file of 20 MB": (1, lambda client: client.get("/file")),
    "download of 20 MB in pieces": (1, lambda client: client.get("/pieces")),
}


def measure(
    server: WebServer, count: int, request: Callable[[httpx.Client], httpx.Response]
) -> str:
    """Send `count` requests over each of `CONNECTIONS` connections that stay open."""

    def send_some(_: int) -> None:
        with httpx.Client(base_url=server.url, timeout=300) as client:
            for _ in range(count):
                assert request(client).status_code == 200

    before, start = _processor_seconds(server), time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(send_some, range(CONNECTIONS)))
    seconds = time.monotonic() - start
    total = count * CONNECTIONS
    used = (_processor_seconds(server) - before) / total
    return f"{total / seconds:.1f} a second, {used * 1000:.2f} ms of processor time each"


def _processor_seconds(server: WebServer) -> float:
    """Return what the worker process of gunicorn has used, in user and in kernel mode."""
    [pid] = server.workers()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each kind is sent")
    parser.add_argument("--gthread", action="store_true", help="measure gunicorn's threads")
    options = parser.parse_args()
    application, worker = (f"{APP}:respond", "gthread") if options.gthread else (APP, WORKER)
    with tempfile.TemporaryDirectory() as folder:
        more = ("--threads", "8", "--keep-alive", "60")
        server = WebServer(application, Path(folder), *more, worker=worker)
        try:
            for name, (count, request) in KINDS.items():
                measure(server, 1, request)  # warms it up
                print(f"{name}: {measure(server, options.rounds * count, request)}", flush=True)
        finally:
            server.started.end()


if __name__ == "__main__":
    main()
