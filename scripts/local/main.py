"""`scripts/up`: the whole service on one machine, until Ctrl-C."""

import os
import tempfile
from pathlib import Path

from scripts.local import child
from scripts.local.bootstrap import PYTHON, ROOT, say
from scripts.local.data_folder import opened
from scripts.local.environment import with_dotenv
from scripts.local.errors import StartError, StopRequested
from scripts.local.frontend import Frontend
from scripts.local.interrupt import Interrupt
from scripts.local.options import DEFAULT_PORT, Options
from scripts.local.ports import HOST, find_free, require_free
from scripts.local.preparation import prepare
from scripts.local.programs import WORKERS, node_name, service_programs
from scripts.local.readiness import Web, Workers
from scripts.local.stack import Stack

DEFAULT_DATA = ROOT / ".data"
READY_SECONDS = 120


def main(options: Options) -> int:
    """Run the service and return the exit status."""
    interrupt = Interrupt()
    interrupt.install()
    try:
        return up(options, interrupt)
    except StartError as error:
        say(str(error))
        return 1
    except StopRequested:
        return 130 if options.smoke else 0


def up(options: Options, interrupt: Interrupt) -> int:
    """Start everything, say so, and stop everything when asked to (or after the smoke test)."""
    port = options.port
    if port is None:
        port = find_free() if options.smoke else DEFAULT_PORT
    given = with_dotenv(os.environ)
    folder = options.data or (None if options.smoke else DEFAULT_DATA)
    address = f"http://{HOST}:{port}"
    with opened(folder, interrupt, prefix="image-processing-data-") as data:
        # Only now: an earlier run on this data that is still stopping may hold the port.
        require_free(port)
        programs = service_programs(given, data, port)
        stack = Stack(data, given, interrupt, public_url=address, programs=programs)
        try:
            _start(stack, options, address)
            if not options.smoke:
                stack.wait_for_end()
            return _smoke(stack, address)
        finally:
            say("Stopping ... (Ctrl-C once more: at once)")
            stack.stop()


def _start(stack: Stack, options: Options, address: str) -> None:
    if not stack.given.get("FRONTEND_ROOT"):
        Frontend(stack.environment, stack.interrupt, stack.log("page")).build_if_possible()
    say("Starting database and broker ...")
    stack.start()
    prepare(stack)
    if options.admin:
        stack.manage("create_admin", options.admin, to_terminal=True)
    say("Starting web server, workers and scheduler ...")
    stack.start_programs()
    nodes = [node_name(queue, stack.data) for queue in WORKERS]
    web = Web(address, stack.environment)
    stack.wait_until(web.is_ready, "web", seconds=READY_SECONDS, last_answer=lambda: web.said)
    workers = Workers(stack.environment["CELERY_BROKER_URL"], nodes)
    stack.wait_until(workers.are_ready, "worker-light", seconds=READY_SECONDS)
    stack.wait_until(lambda: stack.is_running("scheduler"), "scheduler", seconds=READY_SECONDS)
    print(f"ready: {address}", flush=True)


def _smoke(stack: Stack, address: str) -> int:
    """Put a photograph through the service; returns the exit status."""
    folder = Path(tempfile.mkdtemp(prefix="image-processing-smoke-"))
    command = [str(PYTHON), "-m", "scripts.local.smoke", address, str(folder)]
    return child.run(command, stack.environment, ROOT, stack.interrupt)
