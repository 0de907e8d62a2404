"""When to repeat a request, and how long to wait before."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from image_processing_client.errors import APIError

# The service received nothing, so even a request that must not be executed twice is repeated.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout)
_DISCONNECTED = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)


@dataclass(frozen=True)
class Retries:
    """Exponential backoff with jitter; times in seconds. `Retries(0)` never repeats a request."""

    count: int = 5
    first_pause: float = 0.5
    max_pause: float = 20.0
    max_retry_after: float = 120.0  # after a longer Retry-After, the error is raised
    sleep: Callable[[float], object] = time.sleep

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"The number of retries is {self.count}; it must be 0 or more.")

    def pause(self, done: int, error: Exception, *, repeatable: bool) -> float | None:
        """Return the seconds before the next retry, or None if the error is to be raised.

        `done` is the number of retries so far. `repeatable` requests may arrive twice, because
        they only read or carry an idempotency key.
        """
        if done >= self.count or not _is_worth_retrying(error, repeatable):
            return None
        limit = min(self.max_pause, self.first_pause * 2.0**done)
        backoff = limit * random.uniform(0.5, 1)  # noqa: S311 - no secret
        retry_after = error.retry_after if isinstance(error, APIError) else None
        if retry_after is None:
            return backoff
        # A little later than Retry-After, so that not all clients return at the same moment.
        return retry_after + backoff / 2 if retry_after <= self.max_retry_after else None


def _is_worth_retrying(error: Exception, repeatable: bool) -> bool:
    if isinstance(error, APIError):
        if error.status == 429 or error.status == 503:
            return True  # the service has not executed the request
        if error.code == "idempotency_in_progress":
            return True
        return repeatable and error.status in (408, 502, 504)
    return isinstance(error, _DISCONNECTED if repeatable else _NEVER_SENT)
