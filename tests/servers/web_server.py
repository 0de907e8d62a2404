"""The web server of the service with an application of the tests, and clients that use sockets."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from scripts.local.processes.program import leash_command
from scripts.local.servers.ports import HOST, find_free
from tests.scripts.processes import Started, until

WORKER = "image_processing_service.web.worker.WebWorker"
# Only a hang is that long.
NO_HANG = 30


class WebServer:
    """A running gunicorn. It ends when the tests end, even if they are killed."""

    def __init__(
        self,
        application: str,
        folder: Path,
        *options: str,
        worker: str = WORKER,
        settings: str = "tests.settings",
    ) -> None:
        port = find_free()
        self.url = f"http://{HOST}:{port}"
        command = [
            *(sys.executable, "-m", "gunicorn", application, "--bind", f"{HOST}:{port}"),
            *("--worker-class", worker, "--no-control-socket", *options),
        ]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
        leashed = leash_command(command, signal="TERM", parent=os.getpid())
        self.started = Started(leashed, environment, folder)
        ended = self.started.process.poll
        until(lambda: ended() is not None or answers(self.url, 1), "gunicorn to start")

    @property
    def log(self) -> str:
        return Path(self.started.err).read_text()

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        main = self.started.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text()
        return [int(child) for child in children.split()]


def answers(url: str, seconds: float) -> bool:
    """Whether the server answers within so many seconds."""
    with suppress(httpx.TransportError):
        return httpx.get(url, timeout=seconds).status_code == 200
    return False


def connected(url: str, sent: bytes) -> socket.socket:
    """A client that has said this, and reads as little as a client can."""
    address = httpx.URL(url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(NO_HANG)
    client.connect((address.host, address.port))
    client.sendall(sent)
    return client


def rest(client: socket.socket) -> bytes:
    """Everything that the server sends until it closes the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while piece := client.recv(1_000_000):
            received += piece
    return received
