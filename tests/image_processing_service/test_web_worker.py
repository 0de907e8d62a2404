"""Clients that are slow on purpose, and those that are not, at a real gunicorn with two threads."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from image_processing_service import web_worker
from image_processing_service.web_worker import PacedSocket
from scripts.local.servers.ports import HOST, find_free
from tests.scripts.processes import Started, until
from tests.servers.slow_clients_app import MANY

APP = "tests.servers.slow_clients_app"
THREADS = 2
# Only a hang is that long.
NO_HANG = 30

SLOW = {
    "says nothing": b"",
    "half a line": b"GET / HT",
    "half a head": b"GET / HTTP/1.1\r\nHost: x\r\nX-A:",
    "half a body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    "half a chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
    "does not read bytes": b"GET /bytes HTTP/1.1\r\nHost: x\r\n\r\n",
    "does not read a file": b"GET /file HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = find_free()
    command = [
        *(sys.executable, "-m", "gunicorn", f"{APP}:application", "--bind", f"{HOST}:{port}"),
        *("--worker-class", f"{APP}.HastyThreads", "--threads", str(THREADS), "--workers", "1"),
        *("--no-control-socket", "--graceful-timeout", "5", "--log-level", "debug"),
    ]
    started = Started(command, dict(os.environ), tmp_path_factory.mktemp("gunicorn"))
    url = f"http://{HOST}:{port}"
    try:
        until(lambda: answers(url, 1), "gunicorn to start")
        yield url
        assert "Traceback" not in Path(started.err).read_text()
    finally:
        assert started.end() == 0


def answers(url: str, seconds: float) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(url, timeout=seconds).status_code == 200
    return False


def connected(url: str, sent: bytes) -> socket.socket:
    """A client that has said this, and reads as little as a client can."""
    address = httpx.URL(url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((address.host, address.port))
    client.sendall(sent)
    return client


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW.keys())
def test_others_are_answered(server: str, sent: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(3 * THREADS):
            stack.enter_context(connected(server, sent))
        assert answers(server, NO_HANG)


def test_who_does_not_hang_up_holds_up_nobody(server: str) -> None:
    """Each would keep gunicorn from accepting others for two seconds."""
    last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(connected(server, last))
        assert answers(server, NO_HANG)


def test_a_drop_now_and_then_is_not_enough(server: str) -> None:
    with connected(server, b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ") as client:

        def cut_off() -> bool:
            try:
                client.sendall(b"a")
            except OSError:
                return True
            return False

        until(cut_off, "the end of the connection", within=NO_HANG)


def test_who_is_quick_gets_everything(server: str) -> None:
    body = os.urandom(MANY)
    with httpx.Client(base_url=server, timeout=NO_HANG) as client:
        digest = hashlib.sha256(body).hexdigest()
        assert client.post("/", content=body).text == digest
        assert client.post("/", content=iter([body[:9], body[9:]])).text == digest  # in chunks
        for path in ("/bytes", "/file"):
            assert client.get(path).content == bytes(MANY)


@pytest.fixture
def ours() -> Iterator[tuple[PacedSocket, socket.socket]]:
    """Our end of a connection, and the client's."""
    plain, client = socket.socketpair()
    with PacedSocket.from_socket(plain) as paced, client:
        yield paced, client


class Clock:
    """Each look at it is some seconds later than the last."""

    def __init__(self, step: float) -> None:
        self.step, self.now = step, 0.0

    def monotonic(self) -> float:
        self.now += self.step
        return self.now


def test_waiting_adds_up_and_bytes_pay_it_back(
    ours: tuple[PacedSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    paced, client = ours
    monkeypatch.setattr(web_worker, "time", Clock(4))
    for _ in range(3):  # 4 seconds for each byte
        client.sendall(b"a")
        assert paced.recv(10) == b"a"
    assert 11.9 < paced._behind < 12
    client.sendall(bytes(8_192))
    assert len(paced.recv(10_000)) == 8_192
    assert 11.9 < paced._behind < 12  # four more, which its bytes paid for
    paced.sendall(bytes(100_000_000)[:50_000])
    assert paced._behind == 0


def test_who_is_too_far_behind_has_hung_up(ours: tuple[PacedSocket, socket.socket]) -> None:
    paced, _ = ours
    paced._behind = paced.grace
    with pytest.raises(ConnectionResetError, match="too slow"):
        paced.recv(10)


def test_a_limit_of_gunicorn_s_own_stands(ours: tuple[PacedSocket, socket.socket]) -> None:
    paced, _ = ours
    paced.settimeout(0.001)
    with pytest.raises(TimeoutError):
        paced.recv(10)
    paced.setblocking(False)
    with pytest.raises(BlockingIOError):
        paced.recv(10)
    assert paced._behind == 0
