"""`scripts/services`: PostgreSQL and Redis alone, for a command or while one works."""

import argparse
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.local import child
from scripts.local.data_folder import opened
from scripts.local.errors import StartError, StopRequested
from scripts.local.interrupt import Interrupt
from scripts.local.stack import Stack

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
    interrupt = Interrupt()
    interrupt.install()
    try:
        return with_services(options.command, options.data, interrupt)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


def with_services(command: Sequence[str], folder: Path | None, interrupt: Interrupt) -> int:
    """Start the services, run the command with their addresses, stop them."""
    try:
        with opened(folder, interrupt, prefix="services-") as data:
            stack = Stack(data, os.environ, interrupt, public_url=TEST_URL, durable=bool(folder))
            try:
                stack.start()
                if command:
                    return child.run(_absolute(command), stack.environment, Path.cwd(), interrupt)
                for name in EXPORTED:
                    print(f"export {name}={shlex.quote(stack.environment[name])}", flush=True)
                stack.wait_for_end()
            finally:
                stack.stop()
    except StopRequested:
        return 130 if command else 0


def _absolute(command: Sequence[str]) -> list[str]:
    program = shutil.which(command[0])
    if program is None:
        raise StartError(f"There is no command {command[0]}.")
    return [str(Path(program).absolute()), *command[1:]]
