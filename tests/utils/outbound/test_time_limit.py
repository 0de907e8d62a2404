"""Every fetch ends within its time limit."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tests.servers.raw_http import redirect
from tests.utils.outbound.fetching import ClientFor, Serve, fetch_error
from utils.outbound import RemoteTimeout, deadline


def send_slowly(start: bytes) -> Callable[[socket.socket], None]:
    """Send `start`, then a byte every 20 ms until the client disconnects."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(start)
        pause = threading.Event()
        while not pause.wait(0.02):
            connection.sendall(b"x")

    return behave


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
    ],
)
def test_a_slow_response_times_out(serve: Serve, client_for: ClientFor, start: bytes) -> None:
    server = serve(send_slowly(start))
    error = fetch_error(client_for(server), server.url(), most=1_000_000, seconds=0.5)
    assert isinstance(error, RemoteTimeout)
    assert error.transient
    assert error.limit == 0.5


def test_endless_provisional_responses_time_out(serve: Serve, client_for: ClientFor) -> None:
    def behave(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")

    server = serve(behave)
    assert isinstance(fetch_error(client_for(server), server.url(), seconds=0.5), RemoteTimeout)


def test_a_silent_server_or_a_slow_resolver_times_out(serve: Serve, client_for: ClientFor) -> None:
    def wait(connection: socket.socket) -> None:
        connection.recv(1)  # returns when the client disconnects

    silent = serve(wait)
    assert isinstance(fetch_error(client_for(silent), silent.url(), seconds=0.3), RemoteTimeout)

    release = threading.Event()

    def resolve(host: str) -> list[str]:
        release.wait(10)
        return []

    slow = client_for(resolve=resolve)
    assert isinstance(fetch_error(slow, "http://slow.example/", seconds=0.3), RemoteTimeout)
    release.set()

    # The request after a redirect has only the remaining time.
    first = serve(redirect(silent.url()))
    client = client_for(first, silent)
    assert isinstance(fetch_error(client, first.url(), seconds=0.3), RemoteTimeout)


def test_all_redirects_share_one_deadline(
    serve: Serve, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each lookup of a name advances the clock by four seconds."""
    now = 0.0

    def resolve(host: str) -> list[str]:
        nonlocal now
        now += 4
        return ["127.0.0.1"]

    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: now))
    server = serve(redirect("/again"))
    url = server.url(host="slow.example")
    assert isinstance(
        fetch_error(client_for(server, resolve=resolve), url, seconds=10), RemoteTimeout
    )
    assert len(server.requests) == 2
