"""The end of a web server: what runs is finished, and no process stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local.checkout import ROOT
from tests.scripts.processes import until
from tests.servers.web_app import digest
from tests.servers.web_server import NO_HANG, WebServer, answers, connected, rest

APP = "tests.servers.web_app"
CONFIGURATION = "python:image_processing_service.web.configuration"
BODY = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 6\r\n\r\n"
# A run of the tests that starts a web server and gets stuck.
STUCK = """
import sys, threading
from pathlib import Path
from tests.servers.web_server import WebServer
server = WebServer("wsgiref.simple_server:demo_app", Path(sys.argv[1]), worker="sync")
print(server.started.process.pid, *server.workers(), flush=True)
threading.Event().wait()
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[WebServer]:
    server = WebServer(APP, tmp_path, "--config", CONFIGURATION, "--graceful-timeout", "20")
    yield server
    if server.started.process.poll() is None:
        server.started.end()


def is_gone(pid: int) -> bool:
    """Whether the process has ended. An ended process may wait for its parent to notice."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_a_stop_waits_for_a_body_that_arrives(own: WebServer) -> None:
    with connected(own.url, BODY) as client, connected(own.url, b"") as idle:
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"abc")
        own.started.process.send_signal(signal.SIGTERM)
        assert rest(idle) == b""  # the server has seen the signal
        client.sendall(b"def")
        assert rest(client).endswith(digest(b"abcdef"))
    assert own.started.exit_status() == 0
    assert "Forcing close" not in own.log


def test_a_process_that_retires_is_replaced_before_it_ends(own: WebServer) -> None:
    """Also, the processes end when gunicorn is killed."""
    old = own.workers()
    with connected(own.url, BODY) as client:
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        with connected(own.url, b"GET /grow HTTP/1.1\r\nHost: x\r\n\r\n") as other:
            assert rest(other).endswith(digest(b""))  # until the process retires
        assert answers(own.url, NO_HANG)
        workers = own.workers()
        assert [workers[:1], len(workers)] == [old, 2]
        client.sendall(b"abcdef")
        assert rest(client).endswith(digest(b"abcdef"))
    until(lambda: own.workers() == workers[1:], "the end of the process", NO_HANG)
    assert answers(own.url, NO_HANG)
    assert own.workers() == workers[1:]
    assert "Forcing close" not in own.log
    own.started.end(signal.SIGKILL)
    until(lambda: is_gone(workers[1]), "the end of the process", NO_HANG)


def test_a_server_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STUCK, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, env=os.environ
    ) as tests:
        assert tests.stdout
        pids = [int(pid) for pid in tests.stdout.readline().split()]
        tests.kill()
    assert len(pids) == 2
    until(lambda: all(is_gone(pid) for pid in pids), "the end of the server", NO_HANG)
