"""Messages that are posted to a webhook."""

from __future__ import annotations

import socket

import httpcore
import pytest

from tests.servers.raw_http import ok, redirect
from tests.utils.outbound.fetching import ClientFor, Serve
from utils.outbound import AddressForbidden, Client, RemoteTimeout


def test_a_message_is_delivered(serve: Serve, client_for: ClientFor) -> None:
    server = serve(b"HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nfine")
    headers = {"Content-Type": "application/json", "webhook-id": "1", "HOST": "evil.example"}
    answer = client_for(server).post(server.url("/hook"), b'{"a":1}', headers=headers)
    assert (answer.status, answer.body) == (202, b"fine")
    head = server.requests[0].lower()
    assert head.startswith(b"post /hook http/1.1\r\n")
    for line in (b"webhook-id: 1", b"content-length: 7", b"content-type: application/json"):
        assert line in head
    assert b"evil.example" not in head
    assert head.count(b"host:") == 1


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_message_does_not_follow_a_redirect(
    serve: Serve, client_for: ClientFor, status: int
) -> None:
    other = serve(ok(b""))
    server = serve(redirect(other.url(), status))
    answer = client_for(server, other).post(server.url(), b"signed", headers={"a": "b"})
    assert answer.status == status
    assert other.requests == []


def test_a_message_to_a_private_address_is_refused(serve: Serve, client_for: ClientFor) -> None:
    server = serve(ok(b""))
    with pytest.raises(AddressForbidden):
        Client(ports=[server.port]).post(server.url(), b"x", headers={})
    assert server.requests == []


def test_the_response_to_a_message_is_truncated(serve: Serve, client_for: ClientFor) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 500 No\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    server = serve(behave)
    answer = client_for(server).post(server.url(), b"x", headers={})
    assert (answer.status, answer.body) == (500, b"x" * 65_536)


def test_a_message_that_is_not_read_times_out(client_for: ClientFor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = Client(networks=client_for()._networks, ports=[port])
        with pytest.raises(RemoteTimeout):
            client.post(f"http://127.0.0.1:{port}/", bytes(30_000_000), headers={}, seconds=0.5)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\x00"])
def test_a_header_value_cannot_contain_another_header(
    serve: Serve, client_for: ClientFor, value: str
) -> None:
    server = serve(ok(b""))
    with pytest.raises(httpcore.LocalProtocolError, match="header value"):
        client_for(server).post(server.url(), b"x", headers={"a": value})
    assert server.requests == []
