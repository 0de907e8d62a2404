"""A client that has disconnected is noticed by its closed connection, and by nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.http.disconnection import is_gone, wait_slices


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def asked_by(connection: Any) -> Request:
    given = {} if connection is None else {"gunicorn.socket": connection}
    return Request(APIRequestFactory().get("/", **given))


def test_one_who_waits_is_there(ends: Any) -> None:
    assert not is_gone(asked_by(ends[0]))


def test_one_who_has_sent_the_next_request_already_is_there(ends: Any) -> None:
    ends[1].sendall(b"GET /")
    assert not is_gone(asked_by(ends[0]))
    assert ends[0].recv(5) == b"GET /"


def test_one_who_hung_up_is_gone(ends: Any) -> None:
    ends[1].close()
    assert is_gone(asked_by(ends[0]))


def test_a_connection_closed_on_our_side_is_gone(ends: Any) -> None:
    ends[0].close()
    assert is_gone(asked_by(ends[0]))


def test_without_a_socket_nobody_is_taken_for_gone() -> None:
    assert not is_gone(asked_by(None))


def test_a_wait_is_split_and_ends_with_the_connection(ends: Any) -> None:
    slices = wait_slices(asked_by(ends[0]), 10_000)
    assert [next(slices), next(slices)] == [1, 1]
    ends[1].close()
    assert list(slices) == []


def test_a_wait_ends_with_its_seconds() -> None:
    assert list(wait_slices(asked_by(None), 0)) == []
    left = next(wait_slices(asked_by(None), 0.5))
    assert 0.4 < left <= 0.5
