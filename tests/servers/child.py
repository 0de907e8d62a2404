"""Run a server as a child process that prints its port and ends with its standard input."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

STOP_SECONDS = 10


@contextmanager
def start_server(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Start a server and yield its port. The server ends with the block or with this process."""
    server = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdin is not None
    assert server.stdout is not None
    with server:
        try:
            line = server.stdout.readline()
            if not line:
                raise RuntimeError(f"{command[0]} ended with {server.wait()} before it listened.")
            yield int(line)
        finally:
            server.stdin.close()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
