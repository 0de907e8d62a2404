"""The health checks of the containers, against real servers and files."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.threads import await_end

COMPOSE = Path(__file__).resolve().parents[2] / "compose" / "production"
SCRIPT = COMPOSE / "django" / "healthcheck.py"


@contextmanager
def server(status: int, host: str) -> Iterator[int]:
    """A server that gives `status` to requests for `host`, else 400. Gives its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.headers["Host"] == host else 400)
            self.end_headers()
            self.wfile.write(b"database: unreachable")

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as it:
        thread = threading.Thread(target=it.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield it.server_port
        finally:
            it.shutdown()
            await_end(thread)


def check(port: int, public_url: str) -> subprocess.CompletedProcess[str]:
    """Run the script as the container does."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(port)],
        env={"PUBLIC_URL": public_url},
        text=True,
        capture_output=True,
    )


@pytest.mark.parametrize("host", ["images.example.org", "localhost:8000"])
def test_a_ready_server_is_healthy(host: str) -> None:
    with server(200, host) as port:
        assert check(port, f"https://{host}").returncode == 0


def test_a_server_that_is_not_ready_is_not_healthy_and_says_why() -> None:
    with server(503, "images.example.org") as port:
        result = check(port, "https://images.example.org")
    assert result.returncode == 1
    assert "answered 503: database: unreachable" in result.stderr


def test_a_server_that_is_not_there_is_not_healthy() -> None:
    with server(200, "localhost") as port:
        pass
    result = check(port, "http://localhost")
    assert result.returncode == 1
    assert "did not answer" in result.stderr


def check_pulse(pulse: Path) -> str:
    """Run the health check of workers and scheduler; return its error, or an empty string."""
    result = subprocess.run(
        [sys.executable, str(COMPOSE / "check_pulse.py"), "600"],
        env={"PULSE_FILE": str(pulse)},
        text=True,
        capture_output=True,
    )
    assert result.returncode == (1 if result.stderr else 0)
    return result.stderr


def test_a_process_is_healthy_if_its_pulse_is_recent(tmp_path: Path) -> None:
    pulse = tmp_path / "pulse"
    assert "does not exist yet" in check_pulse(pulse)
    pulse.touch()
    assert check_pulse(pulse) == ""
    os.utime(pulse, (0, 0))
    assert "(600 allowed)" in check_pulse(pulse)
