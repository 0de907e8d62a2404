"""The service detects a disconnected client by its closed connection only."""

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


def test_a_waiting_client_is_connected(ends: Any) -> None:
    assert not is_gone(asked_by(ends[0]))


def test_a_client_that_has_sent_its_next_request_is_connected(ends: Any) -> None:
    ends[1].sendall(b"GET /")
    assert not is_gone(asked_by(ends[0]))
    assert ends[0].recv(5) == b"GET /"


def test_a_client_that_closed_the_connection_is_gone(ends: Any) -> None:
    ends[1].close()
    assert is_gone(asked_by(ends[0]))


def test_a_client_is_gone_if_the_server_closed_the_connection(ends: Any) -> None:
    ends[0].close()
    assert is_gone(asked_by(ends[0]))


def test_a_client_without_a_known_socket_is_connected() -> None:
    assert not is_gone(asked_by(None))


def test_a_wait_is_split_and_ends_with_the_connection(ends: Any) -> None:
    slices = wait_slices(asked_by(ends[0]), 10_000)
    assert [next(slices), next(slices)] == [1, 1]
    ends[1].close()
    assert list(slices) == []


def test_a_wait_ends_after_its_seconds() -> None:
    assert list(wait_slices(asked_by(None), 0)) == []
    left = next(wait_slices(asked_by(None), 0.5))
    assert 0.4 < left <= 0.5
