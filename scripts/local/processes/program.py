"""The description of a long-running program for the supervisor."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Program:
    """A long-running program.

    Programs start in the order of ascending priority and stop in the opposite order.
    """

    name: str
    command: Sequence[str]
    priority: int
    stop_signal: str = "TERM"
    stop_seconds: int = 30
    user: str | None = None
    directory: Path | None = None
    group: str | None = None


def leash_command(
    command: Sequence[str],
    *,
    signal: str,
    lock: Path | None = None,
    parent: int = 0,
    user: str | None = None,
) -> list[str]:
    """Return the command line that runs the command on a leash (see leash.py)."""
    # Isolated mode: modules next to leash.py must not replace those of the standard library.
    line = [sys.executable, "-I", str(LEASH)]
    if user:
        line += ["--user", user]
    if lock:
        line += ["--lock", str(lock)]
    return [*line, f"SIG{signal}", str(parent), *command]
