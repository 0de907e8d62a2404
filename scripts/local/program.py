"""What the supervisor needs to know about one program."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Program:
    """A long-running program of the stack.

    Programs start from the lowest priority and stop from the highest.
    """

    name: str
    command: Sequence[str]
    priority: int
    stop_signal: str = "TERM"
    stop_seconds: int = 30
    user: str | None = None
    directory: Path | None = None
    group: str | None = None


def leashed(
    command: Sequence[str],
    *,
    signal: str,
    lock: Path | None = None,
    parent: int = 0,
    user: str | None = None,
) -> list[str]:
    """Return the command that runs the given one on a leash (see leash.py)."""
    # Isolated mode: neighbours of leash.py must not stand in for standard modules.
    line = [sys.executable, "-I", str(LEASH)]
    if user:
        line += ["--user", user]
    if lock:
        line += ["--lock", str(lock)]
    return [*line, f"SIG{signal}", str(parent), *command]
