"""The web server says when a client may have gone; waits end then."""

from __future__ import annotations

import threading

from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.http.disconnection import KEY, may_be_gone, wait_slices


def request_with(gone: threading.Event | None) -> Request:
    given = {} if gone is None else {KEY: gone}
    return Request(APIRequestFactory().get("/", **given))


def test_a_client_may_be_gone_when_the_server_says_so() -> None:
    gone = threading.Event()
    assert not may_be_gone(request_with(gone))
    gone.set()
    assert may_be_gone(request_with(gone))


def test_a_client_of_another_server_is_connected() -> None:
    assert not may_be_gone(request_with(None))


def test_a_wait_is_split_and_ends_with_the_connection() -> None:
    gone = threading.Event()
    slices = wait_slices(request_with(gone), 10_000)
    assert [next(slices), next(slices)] == [1, 1]
    gone.set()
    assert list(slices) == []


def test_a_wait_ends_after_its_seconds() -> None:
    assert list(wait_slices(request_with(None), 0)) == []
    left = next(wait_slices(request_with(None), 0.5))
    assert 0.4 < left <= 0.5
