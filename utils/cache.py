"""A Redis cache whose failure makes answers slower, but never wrong and never an error."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Hashable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import exceptions

# For how long a server that did not answer is left alone. Without the pause, a request would wait
# for the time-out of each of its calls.
PAUSE_SECONDS = 5

log = structlog.get_logger(__name__)

# Place -> the client of this process. Django makes a cache object for each thread or context, so
# for each request of the web server. With a client of its own, each would open a new connection.
_clients: dict[Hashable, RedisCacheClient] = {}

# Server -> the time.monotonic() until which this process does not ask it.
_paused_until: dict[str, float] = {}


def _tolerant(name: str, fallback: Any) -> Callable[..., Any]:
    """Wrap a method: without Redis it returns `fallback`, or what `fallback()` returns."""
    method = getattr(RedisCache, name)

    @functools.wraps(method)
    def call(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        server: str = self._servers[0]  # type: ignore[attr-defined]
        if time.monotonic() >= _paused_until.get(server, 0):
            try:
                return method(self, *args, **kwargs)
            except exceptions.RedisError as error:
                if isinstance(error, exceptions.ConnectionError | exceptions.TimeoutError):
                    _paused_until[server] = time.monotonic() + PAUSE_SECONDS
                log.warning("cache_unavailable", operation=name, error=str(error))
        if name == "get":
            return kwargs.get("default", args[1] if len(args) > 1 else None)
        return fallback() if callable(fallback) else fallback

    return call


class TolerantRedisCache(RedisCache):
    """While Redis is down, and `PAUSE_SECONDS` longer, reads miss and writes do nothing.

    During that time `add` returns True and `incr` returns 1. So a caller that counts requests, or
    that goes on only if its `add` succeeded, works as if it were the first.
    """

    @property
    def _cache(self) -> RedisCacheClient:
        """The client of all caches at the same place, whose connections its threads share."""
        place = (*self._servers, *sorted(self._options.items()))  # type: ignore[attr-defined]
        if place not in _clients:
            # Of two threads that make one at the same time, both use the first.
            client = self._class(self._servers, **self._options)  # type: ignore[attr-defined]
            return _clients.setdefault(place, client)
        return _clients[place]

    get = _tolerant("get", None)
    set = _tolerant("set", None)
    add = _tolerant("add", True)
    incr = _tolerant("incr", 1)
    touch = _tolerant("touch", False)
    delete = _tolerant("delete", False)
    has_key = _tolerant("has_key", False)
    get_many = _tolerant("get_many", dict)
    set_many = _tolerant("set_many", list)
    delete_many = _tolerant("delete_many", None)
