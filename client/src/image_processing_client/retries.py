"""When to try again, and how long to wait before."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from image_processing_client.errors import APIError

# Nothing reached the service, so even a request that must not happen twice may go again.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout)
_BROKEN_OFF = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)


@dataclass(frozen=True)
class Retries:
    """Exponential backoff with jitter; times in seconds. `Retries(0)` never tries again."""

    count: int = 5
    first: float = 0.5
    longest: float = 20.0
    most_asked: float = 120.0  # a longer Retry-After is the caller's to decide
    sleep: Callable[[float], object] = time.sleep

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"Requests are tried again 0 times or more, and not {self.count}.")

    def pause(self, done: int, error: Exception, *, repeatable: bool) -> float | None:
        """Seconds to wait after so many retries, or None if the error is to be raised.

        `repeatable`: the request may arrive twice, because it only reads or carries an
        idempotency key.
        """
        if done >= self.count or not _worth_it(error, repeatable):
            return None
        most = min(self.longest, self.first * 2.0**done)
        backoff = most * random.uniform(0.5, 1)  # noqa: S311 - spreads load, guards nothing
        asked = error.retry_after if isinstance(error, APIError) else None
        if asked is None:
            return backoff
        # A little later than asked, and not all callers at the same moment.
        return asked + backoff / 2 if asked <= self.most_asked else None


def _worth_it(error: Exception, repeatable: bool) -> bool:
    if isinstance(error, APIError):
        if error.status == 429 or error.status == 503:
            return True  # refused before anything was done
        if error.code == "idempotency_in_progress":
            return True
        return repeatable and error.status in (408, 502, 504)
    return isinstance(error, _BROKEN_OFF if repeatable else _NEVER_SENT)
