"""Clients that are slow on purpose, and those that are not, at a real server with two threads."""

from __future__ import annotations

import hashlib
import os
import socket
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.scripts.processes import until
from tests.servers.slow_clients_app import PER_ADDRESS, THREADS
from tests.servers.web_app import MANY, digest
from tests.servers.web_server import NO_HANG, answers, connected, rest

SLOW = {
    "says nothing": b"",
    "half a line": b"GET / HT",
    "half a head": b"GET / HTTP/1.1\r\nHost: x\r\nX-A:",
    "half a body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    "half a chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
    "does not read bytes": b"GET /bytes HTTP/1.1\r\nHost: x\r\n\r\n",
    "does not read pieces": b"GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n",
    "does not read a file": b"GET /file HTTP/1.1\r\nHost: x\r\n\r\n",
}
# In the kernel's table of connections: a listening socket, and one that its process has closed.
LISTEN, NO_INODE = "0A", "0"


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW.keys())
def test_others_are_answered(server: str, sent: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(3 * THREADS):
            stack.enter_context(connected(server, sent))
        assert answers(server, NO_HANG)


def test_every_slow_connection_ends(server: str) -> None:
    """Seen at the server: a client that reads nothing does not see the end either."""
    until(lambda: len(open_connections(server)) == 0, "no connection", NO_HANG)
    with ExitStack() as stack:
        for sent in SLOW.values():
            stack.enter_context(connected(server, sent))
        until(lambda: len(open_connections(server)) == len(SLOW), "all connections", NO_HANG)
        until(lambda: not open_connections(server), "the end of all connections", NO_HANG)


def open_connections(url: str) -> list[str]:
    """The established connections of the server, from the kernel's table."""
    port = f":{httpx.URL(url).port:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = (line for line in lines if line[1].endswith(port) and line[3] != LISTEN)
    return [line[2] for line in ours if line[9] != NO_INODE]


@pytest.mark.parametrize("name", ["half a body", "half a chunk"])
def test_a_late_body_is_named(server: str, name: str) -> None:
    with connected(server, SLOW[name]) as client:
        answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b"request_too_slow")


def test_a_drop_now_and_then_is_not_enough(server: str) -> None:
    """Neither for a head nor for a body, whose time depends on its size only."""
    for sent in (SLOW["half a head"], SLOW["half a body"]):
        with connected(server, sent) as client:

            def cut_off(client: socket.socket = client) -> bool:
                try:
                    client.sendall(b"a")
                except OSError:
                    return True
                return False

            until(cut_off, "the end of the connection", within=NO_HANG)


def test_an_address_sends_few_bodies_at_a_time(server: str) -> None:
    """Whatever the method, because any request may have a body."""
    body = SLOW["half a body"]
    sent = [body, body.replace(b"POST", b"GET")] * PER_ADDRESS
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(server, one)) for one in sent[: PER_ADDRESS + 1]]
        last = [rest(client) for client in clients]
    codes = sorted(answer.rpartition(b"\r\n\r\n")[2] for answer in last)
    assert codes == [*[b"request_too_slow"] * PER_ADDRESS, b"too_many_uploads"]
    assert httpx.post(server, content=b"a", timeout=NO_HANG).status_code == 200


def test_an_address_has_a_bounded_number_of_connections(server: str) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(connected(server, b""))
        with connected(server, b"") as client:
            answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b'"code": "too_many_connections"' in answer
    until(lambda: answers(server, 1), "an answer", NO_HANG)


def test_who_leaves_before_the_answer_leaves_no_connection(server: str) -> None:
    for _ in range(50):  # more than one address may have
        connected(server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").close()
    until(lambda: answers(server, 1), "an answer", NO_HANG)


def test_who_does_not_hang_up_holds_up_nobody(server: str) -> None:
    last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(connected(server, last))
        assert answers(server, NO_HANG)


def test_who_is_quick_gets_everything(server: str) -> None:
    body = os.urandom(1_000_000)
    with httpx.Client(base_url=server, timeout=NO_HANG) as client:
        digest = f"{len(body)} {hashlib.sha256(body).hexdigest()}"
        assert client.post("/", content=body).text == digest
        assert client.post("/", content=iter([body[:9], body[9:]])).text == digest  # in chunks
        for path in ("/bytes", "/file", "/pieces"):
            assert client.get(path).content == bytes(MANY)


def test_a_body_that_no_route_takes_is_not_read(server: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2097153\r\n\r\n"
    with connected(server, head) as client:
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")
    form = head.replace(b"Content", b"Content-Type: multipart/form-data; boundary=x\r\nContent")
    with connected(server, form) as client:
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_a_chunked_body_is_read_up_to_what_a_route_takes(server: str) -> None:
    answer = httpx.post(server, content=iter([bytes(1_000_000)] * 20), timeout=NO_HANG)
    limit = 2 * 1024 * 1024
    assert limit < int(answer.text.split()[0]) < limit + 1_000_000


def test_a_target_without_a_path_is_refused(server: str) -> None:
    for line, code in (
        (b"CONNECT a:80 HTTP/1.1", b"bad_target"),
        (b"GET http://[/arrivals%2 HTTP/1.1", b"0 "),
    ):
        with connected(server, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n") as client:
            assert rest(client).rpartition(b"\r\n\r\n")[2].startswith(code)


def test_a_request_learns_that_its_client_has_gone(server: str) -> None:
    with connected(server, b"GET /visit HTTP/1.1\r\nHost: x\r\n\r\n"):
        assert httpx.get(f"{server}/arrivals", timeout=NO_HANG).status_code == 200
    assert httpx.get(f"{server}/departures", timeout=NO_HANG).status_code == 200


def test_a_client_that_sends_nothing_more_is_answered(server: str) -> None:
    for request, answer in (
        (b"GET / HTTP/1.0\r\n\r\n", digest(b"")),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", digest(b"")),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", digest(b"abc")),
        (b"GET /bytes HTTP/1.1\r\nHost: x\r\n\r\n", bytes(MANY)),
        (b"GET /pieces HTTP/1.0\r\n\r\n", bytes(MANY)),
    ):
        assert answer_of_a_thread(server, request).partition(b"\r\n\r\n")[2] == answer
    assert last_answer(server, SLOW["half a body"]) == b""
    assert last_answer(server, SLOW["half a head"]) == b""


def test_requests_whose_clients_have_left_do_not_start(server: str) -> None:
    """If they did, they would take the departures that the last requests wait for."""
    visit = b"GET /visit HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(THREADS):
            stack.enter_context(connected(server, visit))
        until(lambda: b"service_busy" in last_answer(server, b"GET / HTTP/1.0\r\n\r\n"), "visits")
        for _ in range(20):
            connected(server, visit.replace(b"visit", b"departures")).close()
        assert b"service_busy" in last_answer(server, b"GET / HTTP/1.0\r\n\r\n")
    for path in ("/arrivals", "/departures") * THREADS:
        assert httpx.get(f"{server}{path}", timeout=NO_HANG).status_code == 200


def answer_of_a_thread(server: str, request: bytes) -> bytes:
    """The last answer once a thread is free: requests of other tests may still be running."""
    answer = b""

    def is_answered() -> bool:
        nonlocal answer
        answer = last_answer(server, request)
        return b"service_busy" not in answer

    until(is_answered, "a free thread")
    return answer


def last_answer(server: str, request: bytes) -> bytes:
    """What a client gets that sends nothing after this request."""
    address = httpx.URL(server)
    with socket.create_connection((address.host, address.port), NO_HANG) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        return rest(client)
