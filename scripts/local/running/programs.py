"""The programs of the service: web server, workers and scheduler."""

import hashlib
import os
import shutil
import socket
from collections.abc import Mapping

from scripts.local.checkout import PYTHON
from scripts.local.processes.program import Program
from scripts.local.servers.data_folder import DataFolder
from scripts.local.servers.ports import HOST
from scripts.local.terminal import StartError

PROJECT = "image_processing_service"
# Django's checks are skipped: `migrate` has run them, and they load every route into each worker.
# --quiet leaves out the banner, which is no JSON.
CELERY = (str(PYTHON), "-m", "celery", "--quiet", "-A", PROJECT, "--skip-checks")

# The options of each worker, by its queues; the first names it. Light work gets one process per
# core. Heavy work gets one process, so that it never takes all cores. Work that mostly waits gets
# threads. Imports decode bytes from anywhere, so they run in a separate process: a crash must not
# stop mails and upkeep.
WORKERS = {
    "light": ("--concurrency", "auto"),
    "heavy": ("--concurrency", "1"),
    "import": ("--pool", "threads", "--concurrency", "4"),
    "system": ("--pool", "threads", "--concurrency", "8"),
    "derive,estimates": ("--concurrency", "1"),
    "interactive": ("--concurrency", "1"),
}
# No page waits for these queues, so their workers run with a low priority.
LOW_PRIORITY = {"derive,estimates"}
WORKER_STOP_SECONDS = 70  # longer than image_processor.jobs.stopping lets tasks continue
WEB_STOP_SECONDS = 35  # longer than the graceful_timeout of image_processing_service.web


def service_programs(environment: Mapping[str, str], data: DataFolder, port: int) -> list[Program]:
    """Describe all programs except database and broker."""
    return [
        *(_worker(queues, data) for queues in WORKERS),
        _scheduler(data),
        _web(environment, port),
    ]


def node_name(queues: str, data: DataFolder) -> str:
    """Return the worker's name, which is unique even if several instances share one broker."""
    host = socket.gethostname()
    instance = hashlib.sha256(host.encode() + os.fsencode(data.path)).hexdigest()[:8]
    return f"{_first(queues)}@{instance}"


def _first(queues: str) -> str:
    return queues.partition(",")[0]


def _worker(queues: str, data: DataFolder) -> Program:
    command = [
        *_nice(queues),
        *(*CELERY, "worker"),
        *("-Q", queues, "-n", node_name(queues, data), *WORKERS[queues]),
        *("--without-gossip", "--without-mingle"),
    ]
    return Program(
        name=f"worker-{_first(queues)}",
        command=command,
        priority=30,
        stop_seconds=WORKER_STOP_SECONDS,
        group="workers",  # supervisord stops the members of a group at the same time
    )


def _nice(queues: str) -> list[str]:
    """Return the prefix of a low-priority command line, as a path because there is no shell."""
    command = shutil.which("nice") if queues in LOW_PRIORITY else None
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
        *(str(PYTHON), "-m", "gunicorn", f"{PROJECT}.asgi:application"),
        *("--config", f"python:{PROJECT}.web.configuration", "--bind", f"{HOST}:{port}"),
        *("--workers", str(_positive_number(environment, "WEB_WORKERS", 2))),
    ]
    return Program(name="web", command=command, priority=50, stop_seconds=WEB_STOP_SECONDS)


def _positive_number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isdecimal() or int(value) < 1:
        raise StartError(f"{name} is {value!r}; it must be a whole number of at least 1.")
    return int(value)
