"""The command line of `scripts/up`."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 8000
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class Options:
    """The options of the command line. None: the default depends on `smoke`."""

    port: int | None
    data: Path | None
    smoke: bool
    admin: str | None


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line. Wrong usage ends the program with status 2."""
    parser = argparse.ArgumentParser(
        prog="scripts/up",
        description="Run the whole service on this machine until Ctrl-C: PostgreSQL, Redis, web "
        "server, workers and scheduler. Settings come from the environment and from .env.",
    )
    parser.add_argument("--port", type=int, help=f"port of the web server ({DEFAULT_PORT})")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where to keep data (.data)")
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="start on a free port with temporary data, process a photograph and stop",
    )
    parser.add_argument(
        "--admin",
        type=_email,
        metavar="EMAIL",
        help="make an administrator, and print the generated password once",
    )
    parsed = parser.parse_args(arguments)
    return Options(port=parsed.port, data=parsed.data, smoke=parsed.smoke, admin=parsed.admin)


def _email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an e-mail address")
    return text
