"""A running service for tests: its address, its processes, its rows."""

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

from scripts.local.checkout import PYTHON, ROOT
from scripts.local.processes.program import leash_command
from scripts.local.running.services import EXPORTED
from scripts.local.servers.ports import find_free
from scripts.testing.prepared_data import VARIABLE as PREPARED_DATA
from tests.scripts.processes import Started, processes_of, until

# An address of this machine where nobody listens. The service may send outbound requests to it.
NOWHERE = "127.9.9.9"
# Another such address, where servers of tests listen on the port `Service.outside`.
SOMEWHERE = "127.9.9.8"
FINISHED = ("SUCCESS", "FAILED", "CANCELLED")
# Tokens that outlast a long run, and rate limits that no test reaches. The rates are still counted,
# because a fault may affect the counter.
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
    """A service started with `scripts/up`."""

    url: str
    data: Path
    outside: int
    given: dict[str, str] = field(default_factory=dict)

    def worker(self, queue: str) -> WorkerProcesses:
        """Return the present processes of one queue's worker."""
        marker = f"STATIC_ROOT={self.data}".encode()
        found: dict[int, int] = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (process / "cmdline").read_bytes().split(b"\0")
                environ = (process / "environ").read_bytes()
                parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if b"celery" in arguments and queue.encode() in arguments and marker in environ:
                found[int(process.name)] = parent
        main = [pid for pid, parent in found.items() if parent not in found]
        children = [pid for pid, parent in found.items() if parent in found]
        return WorkerProcesses(main, children)

    def web_processes(self) -> list[int]:
        """Return the processes of the web server that answer requests."""
        main = self.pid("web")
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [int(child) for child in children] or [main]

    def environment(self) -> dict[str, str]:
        """Return the environment of the service's programs, read from its scheduler."""
        if not self.given:
            pairs = Path(f"/proc/{self.pid('scheduler')}/environ").read_bytes().split(b"\0")
            self.given.update(pair.decode().split("=", 1) for pair in pairs if b"=" in pair)
        return dict(self.given)

    def supervisorctl(self, *arguments: str) -> str:
        """Run supervisorctl and return its output."""
        configuration = str(self.data / "run" / "supervisord.conf")
        command = [str(PYTHON), "-m", "supervisor.supervisorctl", "-c", configuration, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def pid(self, program: str) -> int:
        """Return the process id of a program. Raises ValueError if it has none."""
        return int(self.supervisorctl("pid", program))

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Query the database directly, with a new connection each time."""
        address = self.environment()["DATABASE_URL"]
        with closing(psycopg2.connect(address, connect_timeout=5)) as connection:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                rows = cursor.fetchall() if cursor.description else []
            connection.commit()
        return list(rows)

    def manage(self, code: str) -> str:
        """Run Python code in the service's Django and return its output."""
        command = [str(PYTHON), "manage.py", "shell", "--no-imports", "-c", code]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=True
        )
        return done.stdout.strip()


@contextmanager
def start_service(**settings: str) -> Iterator[Service]:
    """Run `scripts/up` with a temporary data folder and these variables; stop it at the end."""
    data = Path(tempfile.mkdtemp(prefix="test-stack-"))
    data.chmod(0o711)  # otherwise root's database would go to another folder, and stay there
    if prepared := os.environ.get(PREPARED_DATA):
        # With owners and modes: the database belongs to another account.
        subprocess.run(["cp", "-a", f"{prepared}/.", str(data)], check=True)
        shutil.rmtree(data / "logs")
    output = Path(tempfile.mkdtemp(prefix="test-stack-output-"))
    given = {*EXPORTED, "DJANGO_SETTINGS_MODULE"}  # variables of the running test command
    environment = {name: value for name, value in os.environ.items() if name not in given}
    outside = find_free()
    environment |= {**SETTINGS, "OUTBOUND_ALLOWED_PORTS": f"80,443,{outside}", **settings}
    port = str(find_free())
    command = [str(PYTHON), str(ROOT / "scripts/up"), "--port", port, "--data", str(data)]
    # The service ends with this process, even if this process is killed.
    started = Started(
        leash_command(command, signal="TERM", parent=os.getpid()), environment, output
    )
    try:
        address = started.await_line("ready: ").removeprefix("ready: ")
        yield Service(address, data, outside)
    finally:
        if started.process.poll() is None:
            started.end()
        until(lambda: not processes_of(data), f"the end of {processes_of(data)}")
        shutil.rmtree(data)
        shutil.rmtree(output)


def register_client(service: Service) -> httpx.Client:
    """Register a new account and return a signed-in client, which the caller must close."""
    email = f"{uuid.uuid4().hex}@example.com"
    answer = httpx.post(
        f"{service.url}/api/v1/auth/registration/",
        json={"email": email, "password": "a-long-pass-phrase-7"},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    # The server closes connections that were idle for two seconds. On a busy machine a request may
    # be sent at that moment and get no answer, so each request has its own connection.
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
    """Upload an image and return its id."""
    answer = client.post("/images/upload/", files={"file": (name, data)})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def submit(client: httpx.Client, image: int, transformations: Any, **options: Any) -> int:
    """Submit a task and return its id."""
    body = {"transformations": transformations, **options}
    answer = client.post(f"/images/{image}/transform/", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def get_task(client: httpx.Client, pk: int, *, wait: int = 0) -> dict[str, Any]:
    """Get a task from the API."""
    answer = client.get(f"/tasks/{pk}/", params={"wait": wait})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def wait_for_task(client: httpx.Client, pk: int, *, within: float = 60) -> dict[str, Any]:
    """Wait at most `within` seconds until the task has ended, and return it."""
    latest: dict[str, Any] = {}

    def ended() -> bool:
        latest.update(get_task(client, pk, wait=5))
        return latest["status"] in FINISHED

    until(ended, f"the end of task {pk}", within)
    return latest
