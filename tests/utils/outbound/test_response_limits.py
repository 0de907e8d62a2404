"""Responses that are too large, compressed or invalid."""

from __future__ import annotations

import gzip
import io
import socket

import pytest

from tests.servers.raw_http import ok
from tests.utils.outbound.fetching import ClientFor, Serve, fetch, fetch_error
from utils.outbound import RemoteRefused, RemoteUnavailable, ResponseRefused, ResponseTooLarge


def test_a_body_whose_content_length_is_too_large_is_not_read(
    serve: Serve, client_for: ClientFor
) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
    into = io.BytesIO()
    with pytest.raises(ResponseTooLarge) as raised:
        client_for(server).fetch(server.url(), into, most_bytes=1000)
    assert (raised.value.limit, raised.value.actual) == (1000, 1001)
    assert into.getvalue() == b""


def test_a_body_without_a_content_length_has_the_same_limit(
    serve: Serve, client_for: ClientFor
) -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    server, longer = serve(head + bytes(1000)), serve(head + bytes(1001))
    assert fetch(client_for(server), server.url(), most=1000) == bytes(1000)
    error = fetch_error(client_for(longer), longer.url(), most=1000)
    assert (type(error), error.limit) == (ResponseTooLarge, 1000)


def test_an_endless_body_is_refused_at_the_limit(serve: Serve, client_for: ClientFor) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    server = serve(behave)
    into = io.BytesIO()
    with pytest.raises(ResponseTooLarge) as raised:
        client_for(server).fetch(server.url(), into, most_bytes=100_000)
    assert raised.value.limit == 100_000
    assert len(into.getvalue()) <= 100_000


def test_a_body_of_exactly_the_limit_is_allowed(serve: Serve, client_for: ClientFor) -> None:
    server = serve(ok(bytes(1000)))
    assert fetch(client_for(server), server.url(), most=1000) == bytes(1000)


def test_a_compressed_body_is_refused(serve: Serve, client_for: ClientFor) -> None:
    server = serve(ok(gzip.compress(bytes(10_000_000)), "Content-Encoding: gzip"))
    error = fetch_error(client_for(server), server.url(), most=100_000)
    assert isinstance(error, ResponseRefused)
    assert "gzip" in error.detail


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 200_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffffffff\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"+OK redis\r\n",
        b"",
    ],
    ids=range(12),
)
def test_invalid_http_is_a_remote_error(serve: Serve, client_for: ClientFor, answer: bytes) -> None:
    server = serve(answer)
    error = fetch_error(client_for(server), server.url(), most=1_000_000)
    assert isinstance(error, (RemoteUnavailable, RemoteRefused))
