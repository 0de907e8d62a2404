"""`scripts/services`: run PostgreSQL and Redis for a command, or until Ctrl-C."""

import argparse
import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from scripts.local.processes import child
from scripts.local.processes.interrupt import Interrupt, run_until_stopped
from scripts.local.running.stack import Stack
from scripts.local.servers.data_folder import open_data_folder
from scripts.local.terminal import StartError

EXPORTED = (
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_REDIS_URL",
    "MEDIA_ROOT",
    "STATIC_ROOT",
    "DJANGO_SECRET_KEY",
    "PUBLIC_URL",
    "ALLOWED_HOSTS",
    "CORS_ALLOWED_ORIGINS",
    "EMAIL_URL",
)
TEST_URL = "http://testserver"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/services",
        description="Run a command with a real PostgreSQL and Redis, and stop them afterwards. "
        "Without a command: print the export lines and keep running until Ctrl-C.",
    )
    parser.add_argument("--data", type=Path, help="keep the data in this folder")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- command ...")
    options = parser.parse_args(arguments)
    if options.command[:1] == ["--"]:
        del options.command[0]
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status."""
    options = parse(arguments)

    def work(interrupt: Interrupt) -> int:
        return run_with_services(options.command, options.data, interrupt)

    return run_until_stopped(work, status_when_stopped=130 if options.command else 0)


def run_with_services(command: Sequence[str], folder: Path | None, interrupt: Interrupt) -> int:
    """Start the services, run the command with their addresses, stop the services."""
    with (
        open_data_folder(folder, interrupt, prefix="services-") as data,
        Stack(data, os.environ, interrupt, public_url=TEST_URL, durable=bool(folder)) as stack,
    ):
        stack.start()
        if not command:
            for name in EXPORTED:
                print(f"export {name}={shlex.quote(stack.environment[name])}", flush=True)
            stack.wait_for_end()
        return child.run(_absolute(command), stack.environment, Path.cwd(), interrupt)


def _absolute(command: Sequence[str]) -> list[str]:
    program = shutil.which(command[0])
    if program is None:
        raise StartError(f"There is no command {command[0]}.")
    return [str(Path(program).absolute()), *command[1:]]
