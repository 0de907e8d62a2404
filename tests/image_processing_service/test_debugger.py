"""An editor can attach to the port: the debugger answers its first request."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from image_processing_service.debugger import listen
print(listen(int(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@contextmanager
def listening(port: int) -> Iterator[str]:
    """A process that called `listen(port)`; gives what it returned. It ends with its input."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(port)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin
    assert process.stdout
    try:
        # structlog, not configured here, also writes to standard output; the answer comes last.
        line = process.stdout.readline()
        while line and line.strip() not in ("True", "False"):
            line = process.stdout.readline()
        yield line.strip()
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def message(body: dict[str, object]) -> bytes:
    """One message of the Debug Adapter Protocol."""
    text = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n" % len(text) + text


def test_an_editor_is_answered() -> None:
    port = free_port()
    with (
        listening(port) as answer,
        socket.create_connection(("127.0.0.1", port), timeout=20) as editor,
    ):
        assert answer == "True"
        editor.sendall(
            message(
                {
                    "seq": 1,
                    "type": "request",
                    "command": "initialize",
                    "arguments": {"adapterID": "test"},
                }
            )
        )
        received = b""
        while b'"command": "initialize"' not in received:
            part = editor.recv(65536)
            assert part, f"the debugger hung up after {received!r}"
            received += part
    assert b'"success": true' in received


def test_a_taken_port_does_not_stop_the_service() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        listening(other.getsockname()[1]) as answer,
    ):
        assert answer == "False"


def test_port_zero_means_no_debugger() -> None:
    with listening(0) as answer:
        assert answer == "False"
