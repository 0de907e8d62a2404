"""A Redis cache whose absence makes answers slower, never wrong and never an error."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis import exceptions

# How long a server that did not answer is left alone: a request asks the cache several times,
# and must not wait for the time-out of each.
PAUSE_SECONDS = 5

log = structlog.get_logger(__name__)

# Until when a server is left alone, by time.monotonic(), for this process.
_away: dict[str, float] = {}


def _tolerant(name: str, answer: Any) -> Callable[..., Any]:
    method = getattr(RedisCache, name)

    @functools.wraps(method)
    def call(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        server: str = self._servers[0]  # type: ignore[attr-defined]
        if time.monotonic() >= _away.get(server, 0):
            try:
                return method(self, *args, **kwargs)
            except exceptions.RedisError as error:
                if isinstance(error, exceptions.ConnectionError | exceptions.TimeoutError):
                    _away[server] = time.monotonic() + PAUSE_SECONDS
                log.warning("cache_unavailable", operation=name, error=str(error))
        if name == "get":
            return kwargs.get("default", args[1] if len(args) > 1 else None)
        return answer() if callable(answer) else answer

    return call


class TolerantRedisCache(RedisCache):
    """Reads miss and writes are forgotten while Redis is away, and for a moment after.

    `add` says True then, so that whoever uses it to count or to elect goes on; `incr` says 1.
    """

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
