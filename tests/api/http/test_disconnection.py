"""The web server says when a client may have gone; waits end then."""

from __future__ import annotations

import threading
from queue import SimpleQueue

from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.http.client_end import ClientEnd
from api.http.disconnection import KEY, calling_at_end, may_be_gone, wait_slices


def request_with(gone: ClientEnd | None) -> Request:
    given = {} if gone is None else {KEY: gone}
    return Request(APIRequestFactory().get("/", **given))


def test_a_client_may_be_gone_when_the_server_says_so() -> None:
    gone = ClientEnd()
    assert not may_be_gone(request_with(gone))
    gone.set()
    assert may_be_gone(request_with(gone))


def test_a_client_of_another_server_is_connected() -> None:
    assert not may_be_gone(request_with(None))


def test_a_wait_is_split_and_ends_with_the_connection() -> None:
    gone = ClientEnd()
    slices = wait_slices(request_with(gone), 10_000)
    assert [next(slices), next(slices)] == [1, 1]
    gone.set()
    assert list(slices) == []


def test_a_wait_ends_after_its_seconds() -> None:
    assert list(wait_slices(request_with(None), 0)) == []
    left = next(wait_slices(request_with(None), 0.5))
    assert 0.4 < left <= 0.5


def test_the_end_of_a_client_calls_once_in_another_thread() -> None:
    gone = ClientEnd()
    callers: SimpleQueue[int] = SimpleQueue()
    with calling_at_end(request_with(gone), lambda: callers.put(threading.get_ident())):
        gone.set()
        gone.set()  # the connection does not exist any more, either
        assert callers.get(timeout=30) != threading.get_ident()
    assert callers.empty()


def test_a_client_that_is_gone_already_calls_at_once() -> None:
    gone = ClientEnd()
    gone.set()
    calls: list[int] = []
    with calling_at_end(request_with(gone), lambda: calls.append(1)):
        assert calls == [1]


def test_a_request_that_is_done_is_not_called() -> None:
    """The next request on the same connection registers its own call."""
    gone = ClientEnd()
    calls: list[int] = []
    with calling_at_end(request_with(gone), lambda: calls.append(1)):
        pass
    gone.set()
    assert calls == []


def test_another_server_calls_nobody() -> None:
    with calling_at_end(request_with(None), lambda: None):
        pass
