"""A server as a child process: it prints its port, and ends when its standard input does."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

STOP_SECONDS = 10


@contextmanager
def listening(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """The port of a running server. It ends with the block, and with this process at the latest."""
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
