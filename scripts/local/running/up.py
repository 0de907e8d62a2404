"""`scripts/up`: run the whole service on this machine until Ctrl-C."""

import os
import tempfile
from pathlib import Path

from scripts.local.checkout import PYTHON, ROOT
from scripts.local.installing.frontend import Frontend
from scripts.local.processes import child
from scripts.local.processes.interrupt import Interrupt, run_until_stopped
from scripts.local.running.environment import add_dotenv
from scripts.local.running.options import DEFAULT_PORT, Options
from scripts.local.running.preparation import prepare
from scripts.local.running.programs import WORKERS, node_name, service_programs
from scripts.local.running.readiness import Web, Workers
from scripts.local.running.stack import Stack
from scripts.local.servers.data_folder import open_data_folder
from scripts.local.servers.ports import HOST, find_free, require_free
from scripts.local.terminal import say

DEFAULT_DATA = ROOT / ".data"
READY_SECONDS = 120


def main(options: Options) -> int:
    """Run the service and return the exit status."""
    return run_until_stopped(
        lambda interrupt: run_service(options, interrupt),
        status_when_stopped=130 if options.smoke else 0,
    )


def run_service(options: Options, interrupt: Interrupt) -> int:
    """Start everything and stop it after a signal, or after the smoke test."""
    port = options.port
    if port is None:
        port = find_free() if options.smoke else DEFAULT_PORT
    folder = options.data or (None if options.smoke else DEFAULT_DATA)
    address = f"http://{HOST}:{port}"
    environment = add_dotenv(os.environ)
    with open_data_folder(folder, interrupt, prefix="image-processing-data-") as data:
        # Not earlier: a previous run on this data may still hold the port while it stops.
        require_free(port)
        programs = service_programs(environment, data, port)
        with Stack(data, environment, interrupt, public_url=address, programs=programs) as stack:
            try:
                _start(stack, options, address)
                if options.smoke:
                    return _run_smoke_test(stack, address)
                stack.wait_for_end()
            finally:
                say("Stopping ... (Ctrl-C once more: at once)")


def _start(stack: Stack, options: Options, address: str) -> None:
    if not stack.given_environment.get("FRONTEND_ROOT"):
        Frontend(stack.environment, stack.interrupt, stack.log("page")).build_if_possible()
    say("Starting database and broker ...")
    stack.start()
    prepare(stack)
    if options.admin:
        stack.manage("create_admin", options.admin, to_terminal=True)
    say("Starting web server, workers and scheduler ...")
    stack.start_programs()
    nodes = [node_name(queues, stack.data) for queues in WORKERS]
    web = Web(address, stack.environment)
    stack.wait_until(web.is_ready, "web", READY_SECONDS, lambda: web.last_answer)
    workers = Workers(stack.environment["CELERY_BROKER_URL"], nodes)
    stack.wait_until(workers.are_ready, "worker-light", READY_SECONDS)
    stack.wait_until(lambda: stack.is_running("scheduler"), "scheduler", READY_SECONDS)
    print(f"ready: {address}", flush=True)


def _run_smoke_test(stack: Stack, address: str) -> int:
    """Process a photograph through the HTTP API and return the exit status."""
    folder = Path(tempfile.mkdtemp(prefix="image-processing-smoke-"))
    command = [str(PYTHON), "-m", "scripts.local.running.smoke", address, str(folder)]
    return child.run(command, stack.environment, ROOT, stack.interrupt)
