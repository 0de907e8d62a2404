"""Real requests to real servers: what goes out, where it may go, and when it ends."""

from __future__ import annotations

import gzip
import io
import itertools
import socket
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpcore
import pytest

from tests.servers.raw_http import Server, ok, redirect
from utils.outbound import (
    AddressForbidden,
    Client,
    HostUnknown,
    OutboundError,
    RemoteRefused,
    RemoteTimeout,
    RemoteUnavailable,
    ResponseRefused,
    ResponseTooLarge,
    TooManyRedirects,
    UrlRefused,
    deadline,
)

Serve = Callable[..., Server]
ClientFor = Callable[..., Client]
PUBLIC = "93.184.216.34"


def fetched(client: Client, url: str, *, most: int = 1000, seconds: float = 10) -> bytes:
    into = io.BytesIO()
    result = client.fetch(url, into, most_bytes=most, seconds=seconds)
    assert result.size == len(into.getvalue())
    return into.getvalue()


def failure(client: Client, url: str, **limits: Any) -> OutboundError:
    with pytest.raises(OutboundError) as raised:
        fetched(client, url, **limits)
    return raised.value


def test_a_file_is_fetched(serve: Serve, client_for: ClientFor, monkeypatch: Any) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", "/dev/null")
    server = serve(ok(b"the bytes", "Content-Type: text/html", "Set-Cookie: a=b"))
    client = client_for(server)
    for _ in range(2):
        assert fetched(client, server.url("/a b".replace(" ", "%20") + "?c=ü")) == b"the bytes"
    assert server.requests[0] == server.requests[1]  # no cookie came back
    head, *lines = server.requests[0].decode().strip().split("\r\n")
    assert head == "GET /a%20b?c=%C3%BC HTTP/1.1"
    assert dict(line.lower().split(": ", 1) for line in lines) == {
        "host": f"127.0.0.1:{server.port}",
        "accept": "image/*",
        "accept-encoding": "identity",
        "user-agent": "image-processing-service",
        "connection": "close",
    }


def test_a_body_in_chunks(serve: Serve, client_for: ClientFor) -> None:
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nthe\r\n2\r\n b\r\n0\r\n\r\n"
    server = serve(body)
    assert fetched(client_for(server), server.url()) == b"the b"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.1.", "LOCALHOST."])
def test_nothing_inside_is_reached_unless_it_is_allowed(
    serve: Serve, client_for: ClientFor, host: str
) -> None:
    server = serve(ok(b"secret"))
    client = Client(ports=[server.port])  # resolves as this machine does
    error = failure(client, server.url(host=host))
    assert isinstance(error, AddressForbidden)
    assert not error.transient
    assert server.requests == []
    allowed = client_for(server, names={"localhost": ["127.0.0.1"]})
    assert fetched(allowed, server.url(host=host)) == b"secret"


@pytest.mark.parametrize(
    "host",
    ["[::1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"],
)
def test_no_spelling_of_this_machine_passes(serve: Serve, client_for: ClientFor, host: str) -> None:
    server = serve(ok(b"secret"))
    assert isinstance(failure(client_for(server), server.url(host=host)), AddressForbidden)
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
def test_one_inside_address_of_a_name_refuses_it(
    serve: Serve, client_for: ClientFor, addresses: list[str]
) -> None:
    server = serve(ok(b"secret"))
    client = client_for(server, names={"mixed.example": addresses})
    error = failure(client, server.url(host="mixed.example"))
    assert isinstance(error, AddressForbidden)
    assert server.requests == []
    assert "mixed.example" in error.detail
    assert not any(address in error.detail for address in addresses)


def test_the_address_that_was_checked_is_connected_to(serve: Serve, client_for: ClientFor) -> None:
    """A name that answers with one address first and with another one then."""
    server = serve(ok(b"the bytes"))
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    client = client_for(server, resolve=lambda host: next(answers))
    assert fetched(client, server.url(host="rebinding.example")) == b"the bytes"
    assert f"host: rebinding.example:{server.port}".encode() in server.requests[0].lower()
    assert isinstance(failure(client, server.url(host="rebinding.example")), AddressForbidden)
    assert len(server.requests) == 1


def test_each_redirect_is_checked_again(serve: Serve, client_for: ClientFor) -> None:
    inside = serve(ok(b"secret"))
    for location in (
        f"http://[::1]:{inside.port}/",
        f"http://inside.example:{inside.port}/",
        "http://169.254.169.254/latest/meta-data/",
    ):
        server = serve(redirect(location))
        names = {"start.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}
        client = client_for(server, inside, names=names)
        assert isinstance(failure(client, server.url(host="start.example")), AddressForbidden), (
            location
        )
    for location in ("file:///etc/passwd", "http://127.0.0.1:25/", "http://a:b@127.0.0.1/"):
        server = serve(redirect(location))
        assert isinstance(failure(client_for(server), server.url()), UrlRefused), location
    assert inside.requests == []


def test_three_redirects_and_no_more(serve: Serve, client_for: ClientFor) -> None:
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
    error = failure(client_for(loop), loop.url())
    assert isinstance(error, TooManyRedirects)
    assert error.limit == 3
    assert len(loop.requests) == 4


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
def test_what_another_status_means(
    serve: Serve,
    client_for: ClientFor,
    status: int,
    kind: type[OutboundError],
    transient: bool,
) -> None:
    server = serve(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\n\r\n".encode())
    error = failure(client_for(server), server.url())
    assert type(error) is kind
    assert error.transient is transient
    assert str(status) in error.detail


def test_nobody_listens(client_for: ClientFor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    client = Client(networks=client_for()._networks, ports=[port])
    error = failure(client, f"http://127.0.0.1:{port}/")
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
def test_a_name_without_an_address(
    client_for: ClientFor, reason: Exception, kind: type[OutboundError]
) -> None:
    def resolve(host: str) -> list[str]:
        raise reason

    error = failure(client_for(resolve=resolve), "http://nowhere.example/")
    assert type(error) is kind
    assert error.transient is (kind is RemoteUnavailable)


def test_the_second_address_is_tried(serve: Serve, client_for: ClientFor) -> None:
    server = serve(ok(b"the bytes"))
    client = client_for(server, names={"two.example": ["127.0.0.2", "127.0.0.1"]})
    assert fetched(client, server.url(host="two.example")) == b"the bytes"


# --- Servers that mean harm ---------------------------------------------------------------------


def drip(start: bytes) -> Callable[[socket.socket], None]:
    """Send `start`, then a byte every 20 ms for as long as somebody takes them."""

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
def test_a_drip_ends(serve: Serve, client_for: ClientFor, start: bytes) -> None:
    server = serve(drip(start))
    error = failure(client_for(server), server.url(), most=1_000_000, seconds=0.5)
    assert isinstance(error, RemoteTimeout)
    assert error.transient
    assert error.limit == 0.5


def test_endless_provisional_answers_end(serve: Serve, client_for: ClientFor) -> None:
    def behave(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")

    server = serve(behave)
    assert isinstance(failure(client_for(server), server.url(), seconds=0.5), RemoteTimeout)


def test_a_silent_server_a_slow_resolver_and_slow_redirects_end(
    serve: Serve, client_for: ClientFor
) -> None:
    def wait(connection: socket.socket) -> None:
        connection.recv(1)  # nothing comes, until the client goes

    silent = serve(wait)
    assert isinstance(failure(client_for(silent), silent.url(), seconds=0.3), RemoteTimeout)

    release = threading.Event()

    def resolve(host: str) -> list[str]:
        release.wait(10)
        return []

    slow = client_for(resolve=resolve)
    assert isinstance(failure(slow, "http://slow.example/", seconds=0.3), RemoteTimeout)
    release.set()

    # The second server gets what the first one left of the time, not the same again.
    first = serve(redirect(silent.url()))
    client = client_for(first, silent)
    assert isinstance(failure(client, first.url(), seconds=0.3), RemoteTimeout)


def test_all_redirects_share_one_deadline(
    serve: Serve, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a clock that goes on by four seconds whenever a name is looked up."""
    now = 0.0

    def resolve(host: str) -> list[str]:
        nonlocal now
        now += 4
        return ["127.0.0.1"]

    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: now))
    server = serve(redirect("/again"))
    url = server.url(host="slow.example")
    assert isinstance(failure(client_for(server, resolve=resolve), url, seconds=10), RemoteTimeout)
    assert len(server.requests) == 2


def test_a_body_that_says_it_is_too_large_is_not_read(serve: Serve, client_for: ClientFor) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
    into = io.BytesIO()
    with pytest.raises(ResponseTooLarge) as raised:
        client_for(server).fetch(server.url(), into, most_bytes=1000)
    assert (raised.value.limit, raised.value.actual) == (1000, 1001)
    assert into.getvalue() == b""


def test_a_body_without_an_announced_size_has_the_same_limit(
    serve: Serve, client_for: ClientFor
) -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    server, longer = serve(head + bytes(1000)), serve(head + bytes(1001))
    assert fetched(client_for(server), server.url(), most=1000) == bytes(1000)
    error = failure(client_for(longer), longer.url(), most=1000)
    assert (type(error), error.limit) == (ResponseTooLarge, 1000)


def test_a_body_without_an_end_is_cut(serve: Serve, client_for: ClientFor) -> None:
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


def test_exactly_the_limit_is_allowed(serve: Serve, client_for: ClientFor) -> None:
    server = serve(ok(bytes(1000)))
    assert fetched(client_for(server), server.url(), most=1000) == bytes(1000)


def test_a_compressed_bomb_is_not_opened(serve: Serve, client_for: ClientFor) -> None:
    server = serve(ok(gzip.compress(bytes(10_000_000)), "Content-Encoding: gzip"))
    error = failure(client_for(server), server.url(), most=100_000)
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
def test_an_answer_that_is_no_proper_http_is_an_error_of_ours(
    serve: Serve, client_for: ClientFor, answer: bytes
) -> None:
    server = serve(answer)
    error = failure(client_for(server), server.url(), most=1_000_000)
    assert isinstance(error, (RemoteUnavailable, RemoteRefused))


# --- Delivering ---------------------------------------------------------------------------------


def test_a_message_is_delivered(serve: Serve, client_for: ClientFor) -> None:
    server = serve(
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nfine",
    )
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


def test_a_message_is_not_delivered_inside(serve: Serve, client_for: ClientFor) -> None:
    server = serve(ok(b""))
    with pytest.raises(AddressForbidden):
        Client(ports=[server.port]).post(server.url(), b"x", headers={})
    assert server.requests == []


def test_the_answer_to_a_message_is_cut(serve: Serve, client_for: ClientFor) -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 500 No\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    server = serve(behave)
    answer = client_for(server).post(server.url(), b"x", headers={})
    assert (answer.status, answer.body) == (500, b"x" * 65_536)


def test_a_message_that_nobody_takes_ends(client_for: ClientFor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        client = Client(networks=client_for()._networks, ports=[port])
        with pytest.raises(RemoteTimeout):
            client.post(f"http://127.0.0.1:{port}/", bytes(30_000_000), headers={}, seconds=0.5)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\x00"])
def test_a_header_cannot_hold_another_one(serve: Serve, client_for: ClientFor, value: str) -> None:
    server = serve(ok(b""))
    with pytest.raises(httpcore.LocalProtocolError, match="header value"):
        client_for(server).post(server.url(), b"x", headers={"a": value})
    assert server.requests == []


# --- Configuration ------------------------------------------------------------------------------


def test_ports_and_networks_come_from_the_settings(serve: Serve, settings: Any) -> None:
    server = serve(ok(b"the bytes"))
    error = failure(Client(), server.url())
    assert isinstance(error, UrlRefused)
    assert (error.actual, error.limit) == (server.port, [80, 443])
    from image_processing_service.env import Environment

    read = Environment()
    read.ENVIRON = {"NETWORKS": "127.0.0.1, 10.0.0.0/8", "PORTS": f"80,{server.port}"}
    settings.OUTBOUND_ALLOWED_NETWORKS = read.networks("NETWORKS")
    settings.OUTBOUND_ALLOWED_PORTS = read.ports("PORTS", [])
    assert fetched(Client(), server.url()) == b"the bytes"
