"""A running service as a test sees it: its address, its processes, its rows."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg2

from scripts.local.bootstrap import PYTHON, ROOT
from scripts.local.ports import find_free
from scripts.local.program import leashed
from scripts.local.services import EXPORTED
from scripts.testing.prepared_data import VARIABLE as PREPARED_DATA
from tests.scripts.processes import Started, processes_of, until

# An address of this machine where nobody listens, which requests to others' servers may reach.
NOWHERE = "127.9.9.9"
# Another one, where tests have others' servers listen at the port that is `Service.outside`.
SOMEWHERE = "127.9.9.8"
FINISHED = ("SUCCESS", "FAILED", "CANCELLED")
# Tokens that outlast a long run, and rates that no one reaches: they are counted all the same,
# since a fault may hit the counter.
SETTINGS = {
    "ACCESS_TOKEN_LIFETIME": "120",
    "LOGIN_FAILURE_LIMIT": "1000",
    "OUTBOUND_ALLOWED_NETWORKS": f"{NOWHERE},{SOMEWHERE}",
    **{
        f"{name}_THROTTLE_RATE": "1000000/minute"
        for name in ("ANON", "USER", "LOGIN", "REGISTRATION", "UPLOAD", "TRANSFORM", "PREVIEW")
    },
}


@dataclass(frozen=True)
class Service:
    """One started with `scripts/up`."""

    url: str
    data: Path
    outside: int
    given: dict[str, str] = field(default_factory=dict)

    def worker(self, queue: str) -> WorkerProcesses:
        """The processes of one queue's worker, as they are now."""
        ours = f"STATIC_ROOT={self.data}".encode()
        found: dict[int, int] = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (process / "cmdline").read_bytes().split(b"\0")
                environ = (process / "environ").read_bytes()
                parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if b"celery" in arguments and queue.encode() in arguments and ours in environ:
                found[int(process.name)] = parent
        main = [pid for pid, parent in found.items() if parent not in found]
        children = [pid for pid, parent in found.items() if parent in found]
        return WorkerProcesses(main, children)

    def environment(self) -> dict[str, str]:
        """What the service's own programs were given, read from its scheduler."""
        if not self.given:
            pairs = Path(f"/proc/{self.pid('scheduler')}/environ").read_bytes().split(b"\0")
            self.given.update(pair.decode().split("=", 1) for pair in pairs if b"=" in pair)
        return dict(self.given)

    def supervisorctl(self, *arguments: str) -> str:
        """Give the supervisor an order; what it said."""
        configuration = str(self.data / "run" / "supervisord.conf")
        command = [str(PYTHON), "-m", "supervisor.supervisorctl", "-c", configuration, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def pid(self, program: str) -> int:
        """The process id of one of the supervisor's programs; raises ValueError without one."""
        return int(self.supervisorctl("pid", program))

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database, past the service; each time by a new connection."""
        address = self.environment()["DATABASE_URL"]
        with closing(psycopg2.connect(address, connect_timeout=5)) as connection:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                rows = cursor.fetchall() if cursor.description else []
            connection.commit()
        return list(rows)

    def manage(self, code: str) -> str:
        """Run Python inside the service's Django; what it printed."""
        command = [str(PYTHON), "manage.py", "shell", "--no-imports", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


@contextmanager
def running(**settings: str) -> Iterator[Service]:
    """`scripts/up` on a data folder of its own, with these variables; stopped at the end."""
    data = Path(tempfile.mkdtemp(prefix="test-stack-"))
    data.chmod(0o711)  # else the database of a root's start goes elsewhere, and stays
    if prepared := os.environ.get(PREPARED_DATA):
        # With owners and modes: the database belongs to an account of its own.
        subprocess.run(["cp", "-a", f"{prepared}/.", str(data)], check=True)
        shutil.rmtree(data / "logs")
    output = Path(tempfile.mkdtemp(prefix="test-stack-output-"))
    given = {*EXPORTED, "DJANGO_SETTINGS_MODULE"}  # what the running test command has set
    environment = {name: value for name, value in os.environ.items() if name not in given}
    outside = find_free()
    environment |= {**SETTINGS, "OUTBOUND_ALLOWED_PORTS": f"80,443,{outside}", **settings}
    port = str(find_free())
    command = [str(PYTHON), str(ROOT / "scripts/up"), "--port", port, "--data", str(data)]
    # It ends with this process: of several, those that are told to stop at once leave nothing.
    started = Started(leashed(command, signal="TERM", parent=os.getpid()), environment, output)
    try:
        address = started.await_line("ready: ").removeprefix("ready: ")
        yield Service(address, data, outside)
    finally:
        if started.process.poll() is None:
            started.end()
        until(lambda: not processes_of(data), f"the end of {processes_of(data)}")
        shutil.rmtree(data)
        shutil.rmtree(output)


def signed_up(service: Service) -> httpx.Client:
    """Register someone; a client that is signed in as them, for the caller to close."""
    email = f"{uuid.uuid4().hex}@example.com"
    answer = httpx.post(
        f"{service.url}/api/v1/auth/registration/",
        json={"email": email, "password": "a-long-pass-phrase-7"},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    # The server closes what was idle for two seconds. On a busy machine a request may leave at
    # that very moment and get no answer, so each has a connection of its own.
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(
        base_url=f"{service.url}/api/v1", headers=headers, timeout=90, limits=limits
    )


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
