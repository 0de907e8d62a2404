"""A cache that is away: nothing fails, and a request waits for it once at most."""

from __future__ import annotations

import contextvars
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.conf import settings
from django.core.cache import CacheHandler

from utils import cache
from utils.cache import TolerantRedisCache


class Silent:
    """A server that accepts and never answers; counts who came."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.address = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"

    def callers(self) -> int:
        """How many connections came since the last look."""
        self.listener.setblocking(False)
        count = 0
        while True:
            try:
                self.listener.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1


@pytest.fixture
def silent() -> Iterator[Silent]:
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        yield Silent(listener)


@pytest.fixture(autouse=True)
def _nobody_is_away() -> Iterator[None]:
    cache._paused_until.clear()
    yield
    cache._paused_until.clear()


def cache_at(server: Silent) -> TolerantRedisCache:
    options = {"socket_timeout": 0.05, "socket_connect_timeout": 0.05}
    return TolerantRedisCache(server.address, {"OPTIONS": options})


def test_a_silent_server_is_asked_once_and_then_left_alone(silent: Silent) -> None:
    away = cache_at(silent)
    assert away.get("a", "default") == "default"
    assert silent.callers() > 0
    assert away.add("a", 1) is True
    assert away.incr("a") == 1
    assert away.get_many(["a"]) == {}
    assert cache_at(silent).get("a") is None
    assert silent.callers() == 0


def test_after_the_pause_it_is_asked_again(silent: Silent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "PAUSE_SECONDS", 0)
    away = cache_at(silent)
    away.get("a")
    silent.callers()
    away.get("a")
    assert silent.callers() > 0


def test_threads_and_contexts_share_their_connections() -> None:
    """The web server has a context for each request."""
    there = settings.CACHES["default"]
    named = {**there, "OPTIONS": {**there["OPTIONS"], "client_name": "sharing"}}
    caches = CacheHandler({"default": named})

    def use() -> None:
        assert caches["default"].add("shared", 1) in (True, False)

    with ThreadPoolExecutor(1) as thread:
        for _ in range(3):
            contextvars.Context().run(use)
            thread.submit(contextvars.Context().run, use).result()
    clients = redis.Redis.from_url(there["LOCATION"]).client_list()
    assert [client["name"] for client in clients].count("sharing") == 1
