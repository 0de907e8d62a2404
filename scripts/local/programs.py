"""The programs of the service itself: web server, workers and scheduler."""

import hashlib
import os
import shutil
import socket
from collections.abc import Mapping

from scripts.local.bootstrap import PYTHON
from scripts.local.data_folder import DataFolder
from scripts.local.errors import StartError
from scripts.local.ports import HOST
from scripts.local.program import Program

PROJECT = "image_processing_service"
# Without Django's checks, which `migrate` has made: they load every route into every worker.
CELERY = (str(PYTHON), "-m", "celery", "-A", PROJECT, "--skip-checks")

# Queue, and how its worker runs: one process per core for light work, one for heavy work so
# that it never takes all cores, threads for what mostly waits. Imports have a process of their own:
# they look at bytes that anybody may have made, and mails and upkeep must not end with them.
WORKERS = {
    "light": ("--concurrency", "auto"),
    "heavy": ("--concurrency", "1"),
    "import": ("--pool", "threads", "--concurrency", "4"),
    "system": ("--pool", "threads", "--concurrency", "8"),
    "derive": ("--concurrency", "1"),
    "interactive": ("--concurrency", "1"),
}
# These give way to all others when the cores are busy, since nobody waits for them.
PATIENT = {"derive"}
WORKER_ENDS_WITHIN = 70  # seconds: more than image_processor.jobs.stopping lets tasks go on
WEB_ENDS_WITHIN = 30
WEB_WORKER = (
    "image_processing_service.web_worker.PacedThreads"  # as in compose/production/django/start
)


def service_programs(environment: Mapping[str, str], data: DataFolder, port: int) -> list[Program]:
    """Describe everything that runs beside database and broker."""
    return [*(_worker(queue, data) for queue in WORKERS), _scheduler(data), _web(environment, port)]


def node_name(queue: str, data: DataFolder) -> str:
    """Name of the queue's worker, different from those of other instances at one broker."""
    host = socket.gethostname()
    instance = hashlib.sha256(host.encode() + os.fsencode(data.path)).hexdigest()[:8]
    return f"{queue}@{instance}"


def _worker(queue: str, data: DataFolder) -> Program:
    command = [
        *_nice(queue),
        *(*CELERY, "worker"),
        *("-Q", queue, "-n", node_name(queue, data), *WORKERS[queue]),
        *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    ]
    return Program(
        name=f"worker-{queue}",
        command=command,
        priority=30,
        stop_seconds=WORKER_ENDS_WITHIN,
        group="workers",  # stopped together: the slowest one decides
    )


def _nice(queue: str) -> list[str]:
    """What lowers a program's priority, by its path: it is started without a shell."""
    command = shutil.which("nice") if queue in PATIENT else None
    return [command] if command else []


def _scheduler(data: DataFolder) -> Program:
    schedule = str(data.run / "schedule")
    return Program(
        name="scheduler",
        command=[*CELERY, "beat", "-s", schedule],
        priority=40,
        stop_seconds=10,
    )


def _web(environment: Mapping[str, str], port: int) -> Program:
    command = [
        *(str(PYTHON), "-m", "gunicorn", f"{PROJECT}.wsgi", "--worker-class", WEB_WORKER),
        *("--bind", f"{HOST}:{port}", "--no-control-socket"),
        *("--workers", str(_count(environment, "WEB_WORKERS", 2))),
        *("--threads", str(_count(environment, "WEB_THREADS", 8))),
        *("--graceful-timeout", str(WEB_ENDS_WITHIN)),
    ]
    return Program(name="web", command=command, priority=50, stop_seconds=WEB_ENDS_WITHIN + 5)


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isdecimal() or int(value) < 1:
        raise StartError(f"{name} is {value!r}; it must be a whole number of at least 1.")
    return int(value)
