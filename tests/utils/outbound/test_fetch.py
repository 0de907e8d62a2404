"""Fetched files: the request, the statuses and the errors of a connection."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.servers.raw_http import ok
from tests.utils.outbound.fetching import ClientFor, Serve, fetch, fetch_error
from utils.outbound import (
    Client,
    HostUnknown,
    OutboundError,
    RemoteRefused,
    RemoteUnavailable,
    UrlRefused,
)


def test_a_file_is_fetched(serve: Serve, client_for: ClientFor, monkeypatch: Any) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", "/dev/null")
    server = serve(ok(b"the bytes", "Content-Type: text/html", "Set-Cookie: a=b"))
    client = client_for(server)
    for _ in range(2):
        assert fetch(client, server.url("/a b".replace(" ", "%20") + "?c=ü")) == b"the bytes"
    assert server.requests[0] == server.requests[1]  # the second request has no cookie
    head, *lines = server.requests[0].decode().strip().split("\r\n")
    assert head == "GET /a%20b?c=%C3%BC HTTP/1.1"
    assert dict(line.lower().split(": ", 1) for line in lines) == {
        "host": f"127.0.0.1:{server.port}",
        "accept": "image/*",
        "accept-encoding": "identity",
        "user-agent": "image-processing-service",
        "connection": "close",
    }


def test_a_chunked_body_is_fetched(serve: Serve, client_for: ClientFor) -> None:
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nthe\r\n2\r\n b\r\n0\r\n\r\n"
    server = serve(body)
    assert fetch(client_for(server), server.url()) == b"the b"


@pytest.mark.parametrize(
    ("status", "kind", "transient"),
    [
        (204, RemoteRefused, False),
        (206, RemoteRefused, False),
        (304, RemoteRefused, False),
        (403, RemoteRefused, False),
        (404, RemoteRefused, False),
        (429, RemoteUnavailable, True),
        (500, RemoteUnavailable, True),
        (503, RemoteUnavailable, True),
    ],
)
def test_an_error_status_is_refused_or_transient(
    serve: Serve,
    client_for: ClientFor,
    status: int,
    kind: type[OutboundError],
    transient: bool,
) -> None:
    server = serve(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\n\r\n".encode())
    error = fetch_error(client_for(server), server.url())
    assert type(error) is kind
    assert error.transient is transient
    assert str(status) in error.detail


def test_a_refused_connection_is_transient(client_for: ClientFor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    client = Client(networks=client_for()._networks, ports=[port])
    error = fetch_error(client, f"http://127.0.0.1:{port}/")
    assert isinstance(error, RemoteUnavailable)
    assert error.transient


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), HostUnknown),
        (socket.gaierror(socket.EAI_AGAIN, "later"), RemoteUnavailable),
        (UnicodeError("label too long"), HostUnknown),
    ],
)
def test_a_name_that_does_not_resolve_is_an_error(
    client_for: ClientFor, reason: Exception, kind: type[OutboundError]
) -> None:
    def resolve(host: str) -> list[str]:
        raise reason

    error = fetch_error(client_for(resolve=resolve), "http://nowhere.example/")
    assert type(error) is kind
    assert error.transient is (kind is RemoteUnavailable)


def test_the_second_address_is_tried(serve: Serve, client_for: ClientFor) -> None:
    server = serve(ok(b"the bytes"))
    client = client_for(server, names={"two.example": ["127.0.0.2", "127.0.0.1"]})
    assert fetch(client, server.url(host="two.example")) == b"the bytes"


def test_ports_and_networks_come_from_the_settings(serve: Serve, settings: Any) -> None:
    server = serve(ok(b"the bytes"))
    error = fetch_error(Client(), server.url())
    assert isinstance(error, UrlRefused)
    assert (error.actual, error.limit) == (server.port, [80, 443])
    from image_processing_service.env import Environment

    read = Environment()
    read.ENVIRON = {"NETWORKS": "127.0.0.1, 10.0.0.0/8", "PORTS": f"80,{server.port}"}
    settings.OUTBOUND_ALLOWED_NETWORKS = read.networks("NETWORKS")
    settings.OUTBOUND_ALLOWED_PORTS = read.ports("PORTS", [])
    assert fetch(Client(), server.url()) == b"the bytes"
