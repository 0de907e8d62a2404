"""What clients may send, as bytes on a connection, and what they must not."""

from __future__ import annotations

import hashlib
import socket

import httpx
import pytest

from image_processing_service.web.body import IN_MEMORY
from tests.servers.web_app import MANY, digest
from tests.servers.web_server import NO_HANG, connected, rest

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
SIZED = POST + b"Content-Length: 3\r\n\r\nabc"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n1\r\nc\r\n0\r\nX-A: b\r\n\r\n"
NOTHING, ABC = digest(b""), digest(b"abc")

# Requests that follow each other on a connection without a pause, and the bodies of the answers.
PIPELINES = {
    "without bodies": (GET * 3 + LAST, [NOTHING] * 4),
    "with sizes": (SIZED * 2 + LAST, [ABC, ABC, NOTHING]),
    "in chunks": (CHUNKED * 2 + SIZED + LAST, [ABC, ABC, ABC, NOTHING]),
    "GET with a body": (SIZED.replace(b"POST", b"GET") + LAST, [ABC, NOTHING]),
}

MALFORMED = {
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "another version": b"GET / HTTP/9.1\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "lower-case method": b"get / HTTP/1.1\r\n\r\n",
    "no slash": b"GET abc HTTP/1.1\r\n\r\n",
    "raw Latin-1 in the path": b"GET /\xe4 HTTP/1.1\r\n\r\n",
    "lines without CR": b"GET / HTTP/1.1\nHost: x\n\n",
    "header without a colon": b"GET / HTTP/1.1\r\nAB\r\n\r\n",
    "header name with a space": b"GET / HTTP/1.1\r\nA B: x\r\n\r\n",
    "header with NUL": b"GET / HTTP/1.1\r\nA: \0\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "length and chunks": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "negative length": POST + b"Content-Length: -3\r\n\r\n",
    "length with a sign": POST + b"Content-Length: +3\r\n\r\nabc",
    "length of 5,000 digits": POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "chunk without a size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "chunk longer than its size": POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
    "encoding without chunks": POST + b"Transfer-Encoding: gzip\r\n\r\n",
}


@pytest.mark.parametrize(("sent", "bodies"), PIPELINES.values(), ids=PIPELINES.keys())
def test_requests_in_a_row(server: str, sent: bytes, bodies: list[bytes]) -> None:
    """The connection stays open, and each request is answered in its turn."""
    with connected(server, sent) as client:
        answers = rest(client).split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [answer.partition(b"\r\n\r\n")[2] for answer in answers] == bodies


def test_requests_in_a_row_that_are_the_last(server: str) -> None:
    """A client that closes its sending side gets the answers to all that it has sent."""
    with connected(server, SIZED * 2 + GET) as client:
        client.shutdown(socket.SHUT_WR)
        answers = rest(client).split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [answer.partition(b"\r\n\r\n")[2] for answer in answers] == [ABC, ABC, NOTHING]


def test_a_client_that_waits_for_100_continue(server: str) -> None:
    head = POST + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"
    with connected(server, head) as client:
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert rest(client).endswith(ABC)


@pytest.mark.parametrize("size", [0, IN_MEMORY, IN_MEMORY + 1, 1_000_000])
def test_a_large_body_is_in_a_file(server: str, size: int) -> None:
    body = b"a" * size
    expected = digest(body) if size > IN_MEMORY else b"in memory"
    assert httpx.post(f"{server}/received", content=body, timeout=NO_HANG).content == expected


def test_an_old_client(server: str) -> None:
    """HTTP/1.0 knows no chunks: the end of the connection is the end of the answer."""
    with connected(server, b"GET / HTTP/1.0\r\n\r\n") as client:
        assert rest(client).endswith(NOTHING)
    address = httpx.URL(server)
    with socket.create_connection((address.host, address.port), NO_HANG) as client:
        client.sendall(b"GET /pieces HTTP/1.0\r\n\r\n")
        head, _, body = rest(client).partition(b"\r\n\r\n")
    assert b"chunked" not in head.lower()
    assert hashlib.sha256(body).digest() == hashlib.sha256(bytes(MANY)).digest()


def test_head(server: str) -> None:
    with httpx.Client(base_url=server, timeout=NO_HANG) as client:
        answer = client.head("/file")
        assert (answer.headers["content-length"], answer.content) == (str(MANY), b"")
        assert client.get("/").content == NOTHING  # the same connection


@pytest.mark.parametrize("address", [b"http://y", b"http://[y", b"z://[::1"])
def test_a_target_that_is_a_whole_address(server: str, address: bytes) -> None:
    """Django judges the host, so it need not be valid."""
    with connected(server, LAST.replace(b"GET /", b"HEAD " + address + b"/file")) as client:
        assert f"Content-Length: {MANY}\r\n".encode() in rest(client)
    with connected(server, LAST.replace(b"/", address, 1)) as client:
        assert rest(client).endswith(NOTHING)


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_request_gets_a_short_answer(server: str, sent: bytes) -> None:
    """The server's fixture checks that the log has no traceback."""
    with connected(server, sent) as client:
        head, _, body = rest(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Content-Type: text/plain" in head
    assert len(body) < 100


def test_a_head_has_a_limited_size(server: str) -> None:
    sent = {
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n": b"HTTP/1.1 414 ",
        b"GET / HTTP/1.1\r\nA: " + b"a" * 9000 + b"\r\n\r\n": b"HTTP/1.1 431 ",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n": b"HTTP/1.1 431 ",
    }
    for head, start in sent.items():
        with connected(server, head) as client:
            assert rest(client).startswith(start)
