"""How the answer to a request for a preview or a file size gets from the worker to the request.

The worker pushes the answer to a Redis list whose random key only this request knows, and the
request pops it in one blocking call. An answer that nobody pops expires. Who knows that the client
has gone ends the wait by pushing `Ended` to the same list. A mark beside the list tells the worker
that nobody waits any more.
"""

from __future__ import annotations

import functools
import pickle
import uuid
from typing import NamedTuple, cast

import structlog
from django.conf import settings
from django.core.cache import cache
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from utils.errors import DomainError

# How long an answer that nobody pops stays in Redis.
_ANSWER_SECONDS = 30
# The mark outlives the message, even if the clocks of the two machines differ.
MESSAGE_SECONDS = 60
_MARK_SECONDS = 2 * MESSAGE_SECONDS
# Longer than a busy server takes to answer.
_SOCKET_SECONDS = 5
# The longest blocking pop.
LONGEST_WAIT_SECONDS = 15

log = structlog.get_logger(__name__)


class SizeEstimate(NamedTuple):
    """About how many bytes the file of a result will have; None if there is no estimate."""

    size: int | None


class Ended(NamedTuple):
    """Whoever waited for the answer needs it no more."""


# A preview is (bytes, content type, width, height), or the error if there is none.
Answer = tuple[bytes, str, int, int] | DomainError | SizeEstimate | Ended


def new_key() -> str:
    """Return a key for one answer."""
    return f"answer:{uuid.uuid4().hex}"


def push(key: str, answer: Answer) -> None:
    """Hand an answer to the request that waits. Without Redis it is lost, and the log says so."""
    name = cache.make_key(key)
    try:
        with _redis().pipeline() as pipeline:
            pipeline.rpush(name, pickle.dumps(answer))
            pipeline.expire(name, _ANSWER_SECONDS)
            pipeline.execute()
    except RedisError as error:
        log.warning("answer_lost", key=key, error=str(error))


def pop(key: str, seconds: float) -> Answer | None:
    """Wait once, at most so many seconds, for an answer. Raises `RedisError`."""
    found = _redis(LONGEST_WAIT_SECONDS + _SOCKET_SECONDS).blpop(
        [cache.make_key(key)], timeout=seconds
    )
    if found is None:
        return None
    return cast(Answer, pickle.loads(cast(bytes, found[1])))  # noqa: S301 - as the cache does


def exchange(name: str, key: str, seconds: int) -> str | None:
    """Note the key under this name for so long, and return the one before. Raises `RedisError`.

    Of several callers at the same time, each gets another one.
    """
    before = _redis().set(cache.make_key(name), key, ex=seconds, get=True)
    return None if before is None else cast(bytes, before).decode()


def abandon(key: str) -> None:
    """Tell the worker that nobody waits for the answer any more."""
    cache.set(_mark(key), True, timeout=_MARK_SECONDS)


def end(key: str) -> None:
    """End the wait for an answer from outside: the worker stops, the request gets `Ended`."""
    abandon(key)
    push(key, Ended())


def is_abandoned(key: str) -> bool:
    """Return whether nobody waits for the answer any more."""
    return bool(cache.get(_mark(key)))


def _mark(key: str) -> str:
    return f"{key}:abandoned"


@functools.cache
def _redis(seconds: int = _SOCKET_SECONDS) -> Redis:
    """Return a client of the cache's server that waits so long for each reply."""
    return Redis.from_url(
        settings.CACHES["default"]["LOCATION"],
        socket_connect_timeout=settings.CACHES["default"]["OPTIONS"]["socket_connect_timeout"],
        socket_timeout=seconds,
        retry=Retry(NoBackoff(), 0),
    )
