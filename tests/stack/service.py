"""A running service as a test sees it: its address, its processes, its queue."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from scripts.local.bootstrap import PYTHON, ROOT
from tests.scripts.processes import until

FINISHED = ("SUCCESS", "FAILED", "CANCELLED")


@dataclass(frozen=True)
class Service:
    """One started with `scripts/up`."""

    url: str
    data: Path

    def worker(self, queue: str) -> WorkerProcesses:
        """The processes of one queue's worker, as they are now."""
        media = f"MEDIA_ROOT={self.data}".encode()
        found: dict[int, int] = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (process / "cmdline").read_bytes().split(b"\0")
                environ = (process / "environ").read_bytes()
                parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if b"celery" in arguments and queue.encode() in arguments and media in environ:
                found[int(process.name)] = parent
        main = [pid for pid, parent in found.items() if parent not in found]
        children = [pid for pid, parent in found.items() if parent in found]
        return WorkerProcesses(main, children)

    def environment(self) -> dict[str, str]:
        """What the service's own programs were given, read from its web server."""
        [main] = self.worker("light").main
        pairs = Path(f"/proc/{main}/environ").read_bytes().split(b"\0")
        return dict(pair.decode().split("=", 1) for pair in pairs if b"=" in pair)

    def manage(self, code: str) -> str:
        """Run Python inside the service's Django; what it printed."""
        command = [str(PYTHON), "manage.py", "shell", "--no-imports", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


@dataclass(frozen=True)
class WorkerProcesses:
    """Process ids of one worker: the main one, and the children that do the work."""

    main: list[int]
    children: list[int]

    def send(self, number: signal.Signals) -> None:
        for pid in [*self.main, *self.children]:
            os.kill(pid, number)


def upload(client: httpx.Client, data: bytes, name: str = "photo.jpg") -> int:
    """The new image's id."""
    answer = client.post("/images/upload/", files={"file": (name, data)})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def submit(client: httpx.Client, image: int, transformations: Any, **options: Any) -> int:
    """The new task's id."""
    body = {"transformations": transformations, **options}
    answer = client.post(f"/images/{image}/transform/", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def task(client: httpx.Client, pk: int, *, wait: int = 0) -> dict[str, Any]:
    """A task as the API shows it."""
    answer = client.get(f"/tasks/{pk}/", params={"wait": wait})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def finished(client: httpx.Client, pk: int, *, within: float = 60) -> dict[str, Any]:
    """The task once it has ended, in at most so many seconds."""
    shown: dict[str, Any] = {}

    def ended() -> bool:
        shown.update(task(client, pk, wait=5))
        return shown["status"] in FINISHED

    until(ended, f"the end of task {pk}", within)
    return shown
