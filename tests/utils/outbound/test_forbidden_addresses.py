"""No name, redirect or spelling leads to a private address."""

from __future__ import annotations

import io
import itertools
import socket

import pytest

from tests.servers.raw_http import ok, redirect
from tests.utils.outbound.fetching import ClientFor, Serve, fetch, fetch_error
from utils.outbound import AddressForbidden, Client, TooManyRedirects, UrlRefused

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.1.", "LOCALHOST."])
def test_a_private_address_is_reached_only_if_it_is_allowed(
    serve: Serve, client_for: ClientFor, host: str
) -> None:
    server = serve(ok(b"secret"))
    client = Client(ports=[server.port])  # resolves names as this machine does
    error = fetch_error(client, server.url(host=host))
    assert isinstance(error, AddressForbidden)
    assert not error.transient
    assert server.requests == []
    allowed = client_for(server, names={"localhost": ["127.0.0.1"]})
    assert fetch(allowed, server.url(host=host)) == b"secret"


@pytest.mark.parametrize(
    "host",
    ["[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"],
)
def test_no_spelling_of_the_loopback_address_is_reached(
    serve: Serve, client_for: ClientFor, host: str
) -> None:
    server = serve(ok(b"secret"))
    assert isinstance(fetch_error(client_for(server), server.url(host=host)), AddressForbidden)
    assert server.requests == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        [PUBLIC, "10.0.0.1"],
        ["127.0.0.1", "::1"],
        ["2606:4700::1111", "fd00:ec2::254"],
        ["fe80::1%lo"],
    ],
)
def test_a_name_with_one_private_address_is_refused(
    serve: Serve, client_for: ClientFor, addresses: list[str]
) -> None:
    server = serve(ok(b"secret"))
    client = client_for(server, names={"mixed.example": addresses})
    error = fetch_error(client, server.url(host="mixed.example"))
    assert isinstance(error, AddressForbidden)
    assert server.requests == []
    assert "mixed.example" in error.detail
    assert not any(address in error.detail for address in addresses)


def test_the_client_connects_to_the_address_that_it_checked(
    serve: Serve, client_for: ClientFor
) -> None:
    """A name resolves to an allowed address first, and then to a private one."""
    server = serve(ok(b"the bytes"))
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    client = client_for(server, resolve=lambda host: next(answers))
    assert fetch(client, server.url(host="rebinding.example")) == b"the bytes"
    assert f"host: rebinding.example:{server.port}".encode() in server.requests[0].lower()
    assert isinstance(fetch_error(client, server.url(host="rebinding.example")), AddressForbidden)
    assert len(server.requests) == 1


def test_the_target_of_each_redirect_is_checked(serve: Serve, client_for: ClientFor) -> None:
    inside = serve(ok(b"secret"))
    for location in (
        f"http://[::1]:{inside.port}/",
        f"http://inside.example:{inside.port}/",
        "http://169.254.169.254/latest/meta-data/",
    ):
        server = serve(redirect(location))
        names = {"start.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}
        client = client_for(server, inside, names=names)
        assert isinstance(
            fetch_error(client, server.url(host="start.example")), AddressForbidden
        ), location
    for location in ("file:///etc/passwd", "http://127.0.0.1:25/", "http://a:b@127.0.0.1/"):
        server = serve(redirect(location))
        assert isinstance(fetch_error(client_for(server), server.url()), UrlRefused), location
    assert inside.requests == []


def test_at_most_three_redirects_are_followed(serve: Serve, client_for: ClientFor) -> None:
    steps = itertools.count(1)

    def answer(connection: socket.socket) -> None:
        number = next(steps)
        connection.sendall(ok(b"there") if number == 4 else redirect(f"/{number}"))

    server = serve(answer)
    into = io.BytesIO()
    result = client_for(server).fetch(server.url(), into, most_bytes=10)
    assert (result.url, into.getvalue()) == (server.url("/3"), b"there")
    assert len(server.requests) == 4

    loop = serve(redirect("/again"))
    error = fetch_error(client_for(loop), loop.url())
    assert isinstance(error, TooManyRedirects)
    assert error.limit == 3
    assert len(loop.requests) == 4
